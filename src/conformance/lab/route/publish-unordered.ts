// Events whose order does not matter: on a slow route several requests at the same time, since one after the other would
// take too long. They go out within the window, and each has reached the witnesses before its place is taken.
import type { EventShape, SeriesEvent } from '../../../session/series.ts';
import { CheckEnded } from '../../finding.ts';
import type { Lab } from '../lab.ts';
import type { LabClient } from '../lab-client.ts';
import { SLOW_EVENT_MILLIS } from './affordable.ts';

/** So many that no healthy client has more than a quarter of the protocol's buffer on its way. */
export const FEW_AT_ONCE = 8;

/** Gives the sequences in the order in which the first witness got them: the order of the hub. */
export async function publishUnordered(
  lab: Lab,
  shapes: readonly EventShape[],
  witnesses: readonly LabClient[],
  atOnce = FEW_AT_ONCE,
): Promise<readonly number[]> {
  if (lab.routeMillis < SLOW_EVENT_MILLIS)
    return (await lab.publish(shapes, witnesses)).map(({ sequence }) => sequence);
  const before = witnesses[0]?.record.sequences.length ?? 0;
  const waiting = shapes.map((shape) => lab.series.next(shape));
  const lane = async (): Promise<void> => {
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift())
      await publishOne(lab, event, witnesses);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, shapes.length) }, lane));
  return witnesses[0]?.record.sequences.slice(before) ?? [];
}

async function publishOne(lab: Lab, event: SeriesEvent, witnesses: readonly LabClient[]): Promise<void> {
  const outcome = await lab.tryPublish([event], witnesses);
  if (!outcome.ok) throw new CheckEnded(await lab.refusal(outcome, { expected: 'the hub takes an event' }));
}
