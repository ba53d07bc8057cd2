// Thresholds in time: `{phase=slow-clients}` limits a threshold to a phase, `[10s]` makes it hold in every window of that
// length. Only what is known second by second can be judged so.
import { parseDurationMillis } from '../../../units/duration.ts';
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';
import { MEASURED_PHASES, type PhaseName } from '../phase.ts';
import type { LabelKey, MetricName } from './metrics.ts';

export interface InTime {
  /** Undefined for the whole measured time. */
  readonly phase?: PhaseName | undefined;
  /** Every window of that length must hold; undefined where the whole is judged at once. */
  readonly windowMillis?: number | undefined;
}

const SECOND_BY_SECOND: readonly MetricName[] = ['latency', 'lateness', 'deliveries', 'published'];
const HOUR_MILLIS = 3_600_000;

/** A phase as a threshold writes it: with `-` for spaces. */
function writtenPhase(phase: PhaseName): string {
  return phase.replaceAll(' ', '-');
}

/** `labelKey` is the other label. `phases` are the measured ones that the plan has. */
export function parseInTime(
  { metric, labelKey }: { readonly metric: MetricName; readonly labelKey: LabelKey | undefined },
  {
    phaseText,
    windowText,
  }: { readonly phaseText: string | undefined; readonly windowText: string | undefined },
  phases: readonly PhaseName[] = MEASURED_PHASES,
): Parsed<InTime> {
  if (phaseText === undefined && windowText === undefined) return parsed({});
  if (!SECOND_BY_SECOND.includes(metric))
    return unparsed(
      `${metric} is known for the whole run only: {phase=...} and [10s] are for ${SECOND_BY_SECOND.join(', ')}`,
    );
  if (labelKey === 'target')
    return unparsed(`${metric} is known second by second for a cohort, not for a target: use {cohort=...}`);
  const phase = phases.find((name) => writtenPhase(name) === phaseText?.replaceAll(' ', '-'));
  if (phaseText !== undefined && phase === undefined)
    return unparsed(`no measured phase "${phaseText}"; this plan has ${phases.map(writtenPhase).join(', ')}`);
  if (windowText === undefined) return parsed({ phase });
  const windowMillis = parseDurationMillis(windowText);
  if (!windowMillis.ok) return windowMillis;
  const { value } = windowMillis;
  if (value < 1_000 || value > HOUR_MILLIS || value % 1_000 !== 0)
    return unparsed(`the window [${windowText}] is not a number of whole seconds from 1s to 1h`);
  return parsed({ phase, windowMillis: value });
}

/** No such window would ever end. */
export function findTooLongWindow(
  thresholds: readonly (InTime & { readonly expr: string })[],
  durationMillis: number,
): string | undefined {
  const tooLong = thresholds.find(({ windowMillis = 0 }) => windowMillis > durationMillis);
  return (
    tooLong && `"${tooLong.expr}": its window is longer than the measured time, ${durationMillis / 1e3} s`
  );
}
