// A measurement that a hub does not let happen has no value, and the reason stands with its name.
import { CheckEnded, type Finding, unmeasured } from '../../finding.ts';

export async function orUnmeasured(
  names: readonly string[],
  measure: () => Promise<Finding>,
): Promise<Finding> {
  try {
    return await measure();
  } catch (ended) {
    if (!(ended instanceof CheckEnded)) throw ended;
    const { verdict, reason, expected, got, outOfTime } = ended.finding;
    if (verdict === 'error') throw ended;
    const finding = unmeasured(names, reason ?? `expected: ${expected}; got: ${got}`);
    return outOfTime === undefined ? finding : { ...finding, outOfTime };
  }
}
