// Hub and driver together, 1,000 clients: how many verified deliveries a second come through when the producer waits
// for nobody but the hub and a window of unacknowledged events, against a `ws` hub with counting `ws` clients in the
// same arrangement.
import type { Bench } from '../bench.ts';
import { type BenchChild, startSubject } from '../child.ts';
import { compareTurns, median, takeTurns } from '../rounds.ts';
import type { ClosedLoopClientsOrder, ClosedLoopClientsResult } from '../subjects/closed-loop-clients.ts';
import type { ClosedLoopOrder, ClosedLoopResult } from '../subjects/closed-loop-hub.ts';

const CLIENTS = 1_000;
const EVENTS = 600;
const SHORT_EVENTS = 150;
const BAR_DELIVERIES_PER_SECOND = 100_000;
const RATIO_BAR = { sense: 'at-least', ratio: 3, failsAt: 1.2 } as const;

interface Turn {
  readonly deliveriesPerSecond: number;
  readonly deliveriesPerCpuSecond: number;
}

interface Arrangement {
  readonly hub: BenchChild;
  readonly clients: BenchChild;
}

export const endToEndBench: Bench = {
  name: 'end-to-end',
  title: 'verified deliveries per second through hub and driver, 1,000 clients, against ws on both sides',
  async run({ rounds, isShort }) {
    const events = isShort ? SHORT_EVENTS : EVENTS;
    const arrangements: Arrangement[] = [];
    try {
      for (const kind of ['kit', 'ws']) arrangements.push(await arrange(kind));
      const turns = await takeTurns(
        rounds,
        arrangements.map((arrangement) => () => runTurn(arrangement, events)),
      );
      const [kit = [], ws = []] = turns;
      const row = (unit: string, value: (turn: Turn) => number) =>
        compareTurns(
          { name: 'hub and driver', values: kit.map(value) },
          { name: 'ws hub, ws counting', values: ws.map(value) },
          unit,
          RATIO_BAR,
        );
      const perSecond = median(kit.map(({ deliveriesPerSecond }) => deliveriesPerSecond));
      const twoCores = 2 * median(kit.map(({ deliveriesPerCpuSecond }) => deliveriesPerCpuSecond));
      const rated = (value: number) =>
        `${Math.round(value).toLocaleString('en-US')} (${value >= BAR_DELIVERIES_PER_SECOND ? 'reaches' : 'below'} the bar of ${BAR_DELIVERIES_PER_SECOND.toLocaleString('en-US')})`;
      return {
        rows: [
          row('deliveries/s', ({ deliveriesPerSecond }) => deliveriesPerSecond),
          row('deliveries/CPU-s', ({ deliveriesPerCpuSecond }) => deliveriesPerCpuSecond),
        ],
        notes: [
          `verified deliveries a second here: ${rated(perSecond)}`,
          `by CPU time, on two cores with nothing else to do: ${rated(twoCores)}`,
        ],
      };
    } finally {
      for (const { hub, clients } of arrangements) {
        clients.close();
        hub.close();
      }
    }
  },
};

async function arrange(kind: string): Promise<Arrangement> {
  const hub = startSubject('closed-loop-hub', [kind]);
  const clients = startSubject('closed-loop-clients', [kind]);
  const ports = await hub.answer<{ port: number; acknowledgementPort: number }>();
  const connect: ClosedLoopClientsOrder = { kind: 'connect', ...ports, clients: CLIENTS };
  await clients.ask(connect);
  return { hub, clients };
}

async function runTurn({ hub, clients }: Arrangement, events: number): Promise<Turn> {
  const deliveries = events * CLIENTS;
  const awaited: ClosedLoopClientsOrder = { kind: 'await', deliveries };
  const publish: ClosedLoopOrder = { events };
  const read = clients.ask<ClosedLoopClientsResult>(awaited);
  const [{ cpuMicros, closed, isBalanced, endMicros }, sent] = await Promise.all([
    read,
    hub.ask<ClosedLoopResult>(publish),
  ]);
  if (closed > 0) throw new Error(`${closed} clients were disconnected during the bench`);
  if (!isBalanced) throw new Error('the ledger of the bench does not balance');
  return {
    deliveriesPerSecond: (deliveries / (endMicros - sent.startMicros)) * 1e6,
    deliveriesPerCpuSecond: (deliveries / (cpuMicros + sent.cpuMicros)) * 1e6,
  };
}
