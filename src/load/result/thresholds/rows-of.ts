// The rows of a result that the labels of a threshold choose.
import type { Threshold } from '../../plan/thresholds/parse-threshold.ts';
import type { LoadtestResult } from '../result.ts';

/** The labelled cohort or hub, or all cohorts. */
export function rowsOf(
  { cohorts, targets = [] }: Pick<LoadtestResult, 'cohorts' | 'targets'>,
  { labelKey, label }: Pick<Threshold, 'labelKey' | 'label'>,
) {
  if (label === undefined) return cohorts;
  return labelKey === 'target'
    ? targets.filter(({ target }) => target === Number(label))
    : cohorts.filter(({ name }) => name === label);
}
