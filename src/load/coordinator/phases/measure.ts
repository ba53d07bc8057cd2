// The measured time: all clients that keep up from its start, the slow ones after a baseline without them.

import { slowNames } from '../../plan/plan.ts';
import { BASELINE_SHARE } from '../../plan/planned-phases.ts';
import { reportUnseen, startFaults } from '../faults/start-faults.ts';
import type { RunContext } from '../run-context.ts';
import { endStages, settleNewcomers } from '../stages/newcomers.ts';
import { connectCohorts } from './connect.ts';
import type { Publishing } from './publish.ts';

/** Faults and the events of the scenario end with it. */
export async function measure(
  context: RunContext,
  fromMicros: number,
  publishing: Publishing,
): Promise<void> {
  const { plan, control } = context;
  const faults = startFaults(context, fromMicros);
  const slow = slowNames(plan);
  const untilMicros = fromMicros + plan.durationMillis * 1e3;
  if (slow.length > 0 && control.stop === undefined) {
    control.enter('baseline');
    await control.pauseUntil(fromMicros + plan.durationMillis * BASELINE_SHARE * 1e3);
    control.enter('slow clients');
    if (control.stop === undefined) await connectCohorts(context, slow);
  } else control.enter('steady');
  await control.pauseUntil(untilMicros);
  await endStages(context);
  await faults.end();
  reportUnseen(context, untilMicros);
  await publishing.end();
  await settleNewcomers(context);
}
