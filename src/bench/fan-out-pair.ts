// A hub of the fan-out and scale benches with its readers: two processes, of which only the hub's CPU time counts.
import type { BenchChild } from './child.ts';
import { startSubject } from './child.ts';
import type { ReaderOrder, ReadersResult } from './subjects/fan-out-readers.ts';
import type { FanOutOrder, FanOutResult } from './subjects/fan-out-subject.ts';

export interface FanOutPair {
  readonly clients: number;
  /** CPU time of the hub for a delivery; every delivery was read by its client, and none was disconnected. */
  microsPerDelivery(order: FanOutOrder): Promise<number>;
  close(): void;
}

export async function openPair(hub: BenchChild, clients: number): Promise<FanOutPair> {
  const readers = startSubject('fan-out-readers');
  const order = (readerOrder: ReaderOrder) => readers.ask<ReadersResult>(readerOrder);
  const { port } = await hub.answer<{ port: number }>();
  await order({ kind: 'connect', port, clients });
  return {
    clients,
    async microsPerDelivery(fanOut) {
      const deliveries = clients * fanOut.ticks * fanOut.eventsPerTick;
      const [{ closed }, { cpuMicros }] = await Promise.all([
        order({ kind: 'await', deliveries }),
        hub.ask<FanOutResult>(fanOut),
      ]);
      if (closed > 0) throw new Error(`${closed} clients were disconnected during the bench`);
      return cpuMicros / deliveries;
    },
    close() {
      readers.close();
      hub.close();
    },
  };
}
