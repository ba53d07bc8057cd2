// What a delivery costs the hub as clients grow in number: 100 to 16,000, each size a hub of its own, all taking turns.
import type { Bench } from '../bench.ts';
import { startSubject } from '../child.ts';
import { type FanOutPair, openPair } from '../fan-out-pair.ts';
import { compareTurns, takeTurns } from '../rounds.ts';

const CLIENTS = [1_000, 100, 4_000, 16_000];
const SHORT_CLIENTS = [1_000, 100, 4_000];
const TICKS = 25;
const BARRED_CLIENTS = 16_000;
const BAR = { sense: 'at-most', ratio: 1.3, failsAt: 2.5 } as const;
const SHORT_BAR = { sense: 'at-most', ratio: 1.3, failsAt: 3 } as const;

export const scaleBench: Bench = {
  name: 'scale',
  title: "the hub's CPU time for a delivery with more and fewer clients, against 1,000",
  async run({ rounds, isShort }) {
    const pairs: FanOutPair[] = [];
    try {
      for (const clients of isShort ? SHORT_CLIENTS : CLIENTS)
        pairs.push(await openPair(startSubject('fan-out-subject', ['hub']), clients));
      const order = { ticks: TICKS, eventsPerTick: 1 };
      const turns = await takeTurns(
        rounds,
        pairs.map((pair) => () => pair.microsPerDelivery(order)),
      );
      const [reference, ...others] = pairs.map(({ clients }, index) => ({
        clients,
        name: `${clients} clients`,
        values: turns[index] ?? [],
      }));
      if (reference === undefined) throw new Error('nothing was measured');
      const barOf = (clients: number) => {
        if (isShort) return clients > 1_000 ? SHORT_BAR : undefined;
        return clients === BARRED_CLIENTS ? BAR : undefined;
      };
      const rows = others.map((other) =>
        compareTurns(other, reference, 'CPU us/delivery', barOf(other.clients)),
      );
      return { rows, notes: [] };
    } finally {
      for (const pair of pairs) pair.close();
    }
  },
};
