// Before the first check decides how much it publishes: how long events take that are on their way together. One row shows it
// where deliveries are fast; where they are slow, a few more rows are measured before that is believed.
import { paceFor } from '../../../session/window.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { SLOW_EVENT_MILLIS } from '../../lab/route/affordable.ts';
import { MEASURED_IN_A_ROW } from '../../lab/window/window-reader.ts';

/** Deliveries that are slow in fact are believed after so long. */
const MOST_MEASURED_MILLIS = 1_000;

export async function measureDeliveries(
  lab: Pick<Lab, 'publish' | 'elapsedMillis' | 'routeMillis' | 'deliveries' | 'settings'>,
  client: LabClient,
): Promise<void> {
  const inARow = Math.min(paceFor(lab.settings.clientBufferMessages), MEASURED_IN_A_ROW + 1);
  // A slow route hides what the hub takes, and there would never be two events on their way.
  if (inARow === 1 || lab.routeMillis >= SLOW_EVENT_MILLIS) return;
  const events = Math.ceil(MEASURED_IN_A_ROW / (inARow - 1)) * inARow;
  const untilMillis = lab.elapsedMillis() + MOST_MEASURED_MILLIS;
  do {
    await lab.publish(
      Array.from({ length: events }, () => ({})),
      [client],
    );
  } while (lab.deliveries.isSlow && !lab.deliveries.isSettled && lab.elapsedMillis() < untilMillis);
}
