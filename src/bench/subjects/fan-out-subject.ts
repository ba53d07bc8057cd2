// The sending side of the fan-out bench, one process for each subject: the hub, or the loop over `ws` clients that one
// would write without thinking. Says how much CPU time a turn took.
import { createHub } from '../../hub/hub.ts';
import { type NaiveLoop, startNaiveLoop } from '../naive-loop.ts';
import { cpuMicrosSince, obeyOrders } from '../subject-process.ts';

export type FanOutOrder = { readonly ticks: number; readonly eventsPerTick: number };

export interface FanOutResult {
  readonly cpuMicros: number;
}

async function startHub(compression: boolean): Promise<NaiveLoop> {
  const hub = createHub({ pingIntervalMillis: 0, compression });
  const { url } = await hub.listen(0);
  return {
    port: Number(new URL(url).port),
    publish: (event) => void hub.publish(event),
  };
}

const kind = process.argv[2] ?? 'hub';
const isCompressed = kind.endsWith('deflate');
const subject = await (kind.startsWith('hub') ? startHub(isCompressed) : startNaiveLoop(isCompressed));
let sequence = 0;

async function runTurn({ ticks, eventsPerTick }: FanOutOrder): Promise<FanOutResult> {
  const begun = process.cpuUsage();
  for (let tick = 0; tick < ticks; tick++) {
    for (let i = 0; i < eventsPerTick; i++) {
      const message = `allocation ${sequence++} of web is running, 3 of 5 healthy`;
      subject.publish({ type: 'deploy.progress', appId: 'shop', payload: { sagaId: 'saga-7f3a', message } });
    }
    // The hub fans out in its own turn; then the next tick.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    await subject.settled?.();
  }
  return { cpuMicros: cpuMicrosSince(begun) };
}

obeyOrders<FanOutOrder>(runTurn);
process.send?.({ port: subject.port });
