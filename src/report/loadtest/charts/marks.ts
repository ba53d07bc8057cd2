// What happened when: phases, rare events of the scenario, faults, restarts of the hub and evictions, for the axis that all
// charts over time share.
import type { LoadtestResult } from '../../../load/result/result.ts';
import { faultName } from '../faults/fault-rows.ts';
import type { Mark, PageData } from './chart.ts';
import type { NamedRun } from './run-lines.ts';

/** Types that occur more often than this are no marks. */
const MAX_OF_A_TYPE = 12;
const MAX_EVENT_MARKS = 60;
const MAX_FAULT_MARKS = 100;
/** The process of a hub is read once a second. */
const SAMPLED_LATE_MILLIS = 2_000;

export function foldMarks({ name, result }: NamedRun): Mark[] {
  const prefix = name === '' ? '' : `${name}: `;
  return [phaseMarks, eventMarks, restartMarks, faultMarks, breachMarks]
    .flatMap((marksOf) => marksOf(result))
    .map((mark) => ({ ...mark, label: `${prefix}${mark.label}` }))
    .sort((a, b) => a.atSeconds - b.atSeconds);
}

function phaseMarks({ phases, timeline }: LoadtestResult): Mark[] {
  if (phases) return phases.map(({ name, fromMillis }) => mark(fromMillis / 1e3, name, 'phase'));
  return timeline
    .filter(({ phase }, at) => phase !== timeline[at - 1]?.phase)
    .map(({ second, phase }) => mark(second, phase, 'phase'));
}

function eventMarks({ samples = [] }: LoadtestResult): Mark[] {
  const totals = new Map<string, number>();
  for (const [type, count] of samples.flatMap(({ events }) => Object.entries(events)))
    totals.set(type, (totals.get(type) ?? 0) + count);
  const rare = (type: string) => (totals.get(type) ?? 0) <= MAX_OF_A_TYPE;
  return samples
    .flatMap(({ atMillis, events }) => {
      const types = Object.keys(events).filter(rare);
      return types.length === 0 ? [] : [mark(atMillis / 1e3, types.join(', '), 'event')];
    })
    .slice(0, MAX_EVENT_MARKS);
}

/** A process whose CPU time falls is another process. A restart that was asked for is marked as a fault. */
function restartMarks({ samples = [], faults = [] }: LoadtestResult): Mark[] {
  const isAskedFor = (millis: number) =>
    faults.some(
      ({ atMillis, endedAtMillis }) =>
        millis >= atMillis && millis <= (endedAtMillis ?? Number.POSITIVE_INFINITY) + SAMPLED_LATE_MILLIS,
    );
  return samples.flatMap(({ atMillis, hub }, at) => {
    const before = samples[at - 1]?.hub;
    return hub && before && hub.cpuSeconds < before.cpuSeconds && !isAskedFor(atMillis)
      ? [mark(atMillis / 1e3, 'hub restarted', 'restart')]
      : [];
  });
}

function faultMarks({ faults = [], durationMs }: LoadtestResult): Mark[] {
  return faults.slice(0, MAX_FAULT_MARKS).map((fault) => ({
    ...mark(fault.atMillis / 1e3, faultName(fault), 'fault'),
    untilSeconds: tenths((fault.endedAtMillis ?? durationMs) / 1e3),
  }));
}

/** The worst window of each threshold in time that does not hold. */
function breachMarks({ thresholds }: LoadtestResult): Mark[] {
  return thresholds.flatMap(({ expr, ok, windows }) =>
    ok || windows?.worst === undefined
      ? []
      : [
          {
            ...mark(windows.worst.fromMillis / 1e3, expr, 'breach'),
            untilSeconds: tenths(windows.worst.untilMillis / 1e3),
          },
        ],
  );
}

function mark(atSeconds: number, label: string, kind: Mark['kind']): Mark {
  return { atSeconds: tenths(atSeconds), label, kind };
}

const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;

/** Evictions of all runs by second. */
export function foldEvictionCounts(runs: readonly NamedRun[]): PageData['evictions'] {
  const bySecond = new Map<number, number>();
  const add = (second: number, count: number) => bySecond.set(second, (bySecond.get(second) ?? 0) + count);
  for (const { measuredFromMillis, evictions, timeline } of runs.map(({ result }) => result)) {
    if (measuredFromMillis === undefined)
      for (const one of timeline) if (one.evicted > 0) add(one.second, one.evicted);
    if (measuredFromMillis !== undefined)
      for (const { endedAtMillis } of evictions)
        if (endedAtMillis !== null) add(Math.floor((measuredFromMillis + endedAtMillis) / 1e3), 1);
  }
  const seconds = [...bySecond.keys()].sort((a, b) => a - b);
  return { seconds, counts: seconds.map((second) => bySecond.get(second) ?? 0) };
}
