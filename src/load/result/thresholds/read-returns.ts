// How metrics of clients that come back are read from a result; null where no fault dropped anybody.
import type { FaultResult, MissedSummary } from '../faults/fault-result.ts';
import type { LoadtestResult } from '../result.ts';

type Faults = Pick<LoadtestResult, 'faults'>;

/** In microseconds. Null also where somebody must come back and nobody did. */
export function readRecovery({ faults = [] }: Faults, field: string | undefined): number | null {
  const times = faults
    .filter(({ droppedKept }) => droppedKept > 0)
    .map(({ firstEventMillis }) => firstEventMillis);
  if (times.length === 0 || times.includes(null)) return null;
  const worst = times.flatMap((time) => (time === null ? [] : time[field as 'p50' | 'p99' | 'max']));
  return Math.max(...worst) * 1e3;
}

/** Without clients that reconnect, of all that a hub must keep: of those nobody recovers. */
export function readRecovered({ faults = [] }: Faults, field: string | undefined): number | null {
  const sum = (read: (fault: FaultResult) => number) =>
    faults.reduce((total, fault) => total + read(fault), 0);
  const recovered = sum((fault) => fault.recovered);
  const of = sum(({ mustReturn }) => mustReturn) || sum(({ droppedKept }) => droppedKept);
  if (of === 0) return null;
  return field === 'rate' ? recovered / of : recovered;
}

/** Of the cohort, or of all. */
export function readMissed(
  { cohorts }: Pick<LoadtestResult, 'cohorts'>,
  label: string | undefined,
  field: string | undefined,
): number | null {
  const rows = cohorts.filter(({ name }) => label === undefined || name === label);
  const values = rows.flatMap(({ missed }) =>
    missed === undefined ? [] : missed[field as keyof MissedSummary],
  );
  if (values.length === 0) return rows.length === 0 ? null : 0;
  return field === 'total' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
}
