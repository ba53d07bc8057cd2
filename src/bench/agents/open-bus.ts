// The NATS server of a bench as a bus, for one of its processes.
import type { Bus } from '../../agents/nats/bus.ts';
import { connectNats } from '../../agents/nats/connect-nats.ts';
import { systemClock } from '../../time/clock.ts';

/** What agents and coordinator of the bench say their version is. */
export const KIT = 'bench';
export const POOL = 'bench';

export async function mustOpenBus(port: number): Promise<Bus> {
  const bus = await connectNats({ server: `127.0.0.1:${port}` }, KIT, systemClock);
  if (!bus.ok) throw new Error(bus.problem);
  return bus.value;
}
