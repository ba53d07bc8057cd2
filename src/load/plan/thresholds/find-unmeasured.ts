// Thresholds whose metric this plan cannot measure, as nothing happens that it counts: they would fail at the end of every run.
import { mayReturn } from '../../../client/behaviour.ts';
import type { Cohort } from '../../../client/cohort.ts';
import type { MetricName } from './metrics.ts';
import type { Threshold } from './parse-threshold.ts';

interface Planned {
  readonly hasFaults: boolean;
  readonly cohorts: readonly Pick<Cohort, 'behaviour' | 'reconnect'>[];
}

const OF_FAULTS: readonly MetricName[] = ['recovery', 'recovered', 'missed'];
/** Without clients that come back `recovered` is 0, which is a measurement. */
const OF_RETURNS: readonly MetricName[] = ['recovery', 'refused'];

/** What the first of them needs; undefined without any. */
export function findUnmeasured(
  thresholds: readonly Pick<Threshold, 'expr' | 'metric'>[],
  { hasFaults, cohorts }: Planned,
): string | undefined {
  const hasReturns = cohorts.some(({ reconnect }) => reconnect !== undefined);
  const hasChurn = cohorts.some(({ behaviour }) => mayReturn(behaviour));
  for (const { expr, metric } of thresholds) {
    if (OF_FAULTS.includes(metric) && !hasFaults) return `"${expr}" needs a fault, such as 'restart at=15s'`;
    const canReturn = hasReturns || (metric === 'refused' && hasChurn);
    if (OF_RETURNS.includes(metric) && !canReturn)
      return `"${expr}" needs clients that come back: set reconnect, such as 'immediately'`;
  }
  return undefined;
}
