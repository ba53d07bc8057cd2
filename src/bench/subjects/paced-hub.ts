// A hub that publishes on a schedule by itself, so that latencies are the hub's and the network's, and no producer's.
import { createHub } from '../../hub/hub.ts';
import { stampEvent } from '../../protocol/content-check.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import { systemClock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { obeyOrders } from '../subject-process.ts';

export interface PacedOrder {
  readonly events: number;
  readonly eventBytes: number;
  readonly eventsPerSecond: number;
}

export interface PacedResult {
  readonly published: number;
}

const hub = createHub({ pingIntervalMillis: 0 });
const { url } = await hub.listen(0);
let sequence = 0;

async function publishPaced({ events, eventBytes, eventsPerSecond }: PacedOrder): Promise<PacedResult> {
  const startMicros = systemClock.nowMicros() + 10_000;
  const message = 'x'.repeat(eventBytes);
  for (let event = 0; event < events; event++) {
    const dueMicros = startMicros + (event * 1e6) / eventsPerSecond;
    const waitMicros = dueMicros - systemClock.nowMicros();
    if (waitMicros > 0) await pause(systemClock, Math.ceil(waitMicros / 1e3));
    const envelope = { type: 'deploy.progress', appId: 'shop', payload: { sagaId: 'saga-7f3a', message } };
    const text = stampEvent(envelope, { runId: 'bench', sequence: sequence++, dueMicros });
    await hub.publish(JSON.parse(text) as Envelope);
  }
  return { published: events };
}

obeyOrders<PacedOrder>(publishPaced);
process.send?.({ port: Number(new URL(url).port) });
