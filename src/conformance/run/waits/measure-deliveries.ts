// Before the first check decides how much it publishes: how long events take that are on their way together. One row shows it
// where deliveries are fast; where they are slow, a few more rows are measured before that is believed. What does not arrive
// soon is left to the checks.
import { paceFor } from '../../../session/window.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { SLOW_EVENT_MILLIS } from '../../lab/route/affordable.ts';
import { MEASURED_IN_A_ROW } from '../../lab/window/window-reader.ts';

/** Deliveries that are slow in fact are believed after so long. */
const MOST_MEASURED_MILLIS = 1_500;

type MeasuringLab = Pick<
  Lab,
  'tryPublish' | 'series' | 'until' | 'elapsedMillis' | 'routeMillis' | 'deliveries' | 'settings'
>;

export async function measureDeliveries(lab: MeasuringLab, client: LabClient): Promise<void> {
  const inARow = Math.min(paceFor(lab.settings.clientBufferMessages), MEASURED_IN_A_ROW + 1);
  // A slow route hides what the hub takes, and there would never be two events on their way.
  if (inARow === 1 || lab.routeMillis >= SLOW_EVENT_MILLIS) return;
  const rows = Math.ceil(MEASURED_IN_A_ROW / (inARow - 1));
  const untilMillis = lab.elapsedMillis() + MOST_MEASURED_MILLIS;
  const isSure = (): boolean => !lab.deliveries.isSlow || lab.deliveries.isSettled;
  for (let row = 0; row < rows || !isSure(); row++) {
    const leftMillis = untilMillis - lab.elapsedMillis();
    if (leftMillis <= 0 || !(await publishRow(lab, client, inARow, leftMillis))) return;
  }
}

async function publishRow(
  lab: MeasuringLab,
  client: LabClient,
  count: number,
  mostMillis: number,
): Promise<boolean> {
  const events = Array.from({ length: count }, () => lab.series.next());
  const last = events.at(-1)?.sequence;
  if (!(await lab.tryPublish(events, [])).ok) return false;
  return lab.until(() => client.record.sequences.at(-1) === last, 'a row of events', mostMillis);
}
