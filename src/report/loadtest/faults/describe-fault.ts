// A fault in one sentence, and what went wrong with it.
import type { FaultResult } from '../../../load/result/faults/fault-result.ts';
import type { LoadtestResult } from '../../../load/result/result.ts';
import { renderDurationMillis, renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';

type Faulty = Pick<LoadtestResult, 'faults'>;

export function faultTitle({ fault, atMillis }: FaultResult): string {
  return `${fault} at ${renderDurationMillis(atMillis)}`;
}

/** Of faults that were not injected, or did not end as they should. */
export function faultProblems({ faults = [] }: Faulty): string[] {
  return faults.flatMap((fault) =>
    fault.problem === undefined ? [] : [`${faultTitle(fault)}: ${fault.problem}`],
  );
}

export function describeFault(fault: FaultResult): string {
  return [...describeClients(fault), ...describeLatency(fault)].join('; ');
}

function describeClients({
  dropped,
  returned,
  refusedMillis,
  firstEventMillis,
  missed,
}: FaultResult): string[] {
  if (dropped === 0) return ['no client was dropped'];
  return [
    `${renderCount(dropped)} clients were dropped, ${renderCount(returned)} came back`,
    ...(refusedMillis === null
      ? []
      : [`the hub refused connections for ${renderDurationMillis(refusedMillis)}`]),
    ...(firstEventMillis === null
      ? []
      : [
          `first event after p50 ${renderDurationMillis(firstEventMillis.p50)}, p99 ${renderDurationMillis(firstEventMillis.p99)}`,
        ]),
    ...(missed.total === 0 && returned < dropped
      ? []
      : [`each missed at most ${renderCount(missed.max)} events`]),
  ];
}

function describeLatency({ p99Micros, settledMillis }: FaultResult): string[] {
  const { before, during, after } = p99Micros ?? { before: null, during: null, after: null };
  if (before === null) return [];
  const micros = (value: number | null) => (value === null ? '-' : renderMicros(value));
  return [
    `p99 ${micros(before)} before, ${micros(during)} in the worst second, ${micros(after)} after`,
    settledMillis == null ? 'it did not settle' : `settled after ${renderDurationMillis(settledMillis)}`,
  ];
}
