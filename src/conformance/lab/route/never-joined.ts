// The breach of a hub whose clients receive nothing after they joined.
import { type Finding, fail } from '../../finding.ts';
import type { CheckResult } from '../../result.ts';
import type { LabClient } from '../lab-client.ts';

export function neverJoined(missing: readonly LabClient[], nonces: number, waitMillis: number): Finding {
  const names = missing.map((client) => client.name).join(', ');
  const fault = missing.find((client) => client.record.faults.length > 0)?.record.faults[0];
  return fail({
    expected: `a connected client receives events broadcast after it connected, within ${waitMillis} ms`,
    got: `client ${names} received none of ${nonces} events that the hub accepted${fault === undefined ? '' : `; first fault: ${fault.problem}`}`,
  });
}

const NOTHING_AT_ALL = /received none of \d+ events that the hub accepted$/;

/** The clients of this failed check received nothing, neither what was broadcast nor anything that could not be read. */
export const isNeverJoined = ({ verdict, got }: Pick<CheckResult, 'verdict' | 'got'>): boolean =>
  verdict === 'fail' && got !== undefined && NOTHING_AT_ALL.test(got);
