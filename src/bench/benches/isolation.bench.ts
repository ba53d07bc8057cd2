// Does a slow client hurt the fast ones? The p99 of fast clients with 10, 100 and 1,000 stalled clients, while the hub
// evicts them and afterwards, against none; one hub, which all numbers of stalled clients visit in turn.
import { hasSmallWindow } from '../../wire/kernel/small-window-socket.ts';
import type { Bench, BenchContext, BenchResult } from '../bench.ts';
import { type BenchChild, startSubject } from '../child.ts';
import { compareTurns, takeTurns } from '../rounds.ts';
import type { IsolationOrder, IsolationResult } from '../subjects/isolation-clients.ts';
import type { PacedOrder, PacedResult } from '../subjects/paced-hub.ts';

const STALLED = [0, 10, 100, 1_000];
const SHORT_STALLED = [0, 100];
const FAST_CLIENTS = 50;
/** Larger than usual, so that what a small window hides is a few events, and the hub's own buffer is what fills. */
const EVENT_BYTES = 4 * 1024;
const EVENTS_PER_SECOND = 100;
/** 65 of the hub and what the kernel hides of a small window come to about 80 events; then a second of grace. */
const DURING_EVENTS = 220;
const AFTER_EVENTS = 200;
const DURING_BAR = { sense: 'at-most', ratio: 1.5, failsAt: 20 } as const;
const AFTER_BAR = { sense: 'at-most', ratio: 1.1, failsAt: 20 } as const;
const BARRED_STALLED = 1_000;

interface Visit {
  readonly during: IsolationResult;
  readonly after: IsolationResult;
  readonly stalledEnded: number;
}

export const isolationBench: Bench = {
  name: 'isolation',
  title: 'p99 of fast clients with stalled ones, while these are evicted and afterwards, against none',
  async run(context) {
    if (!hasSmallWindow())
      return {
        rows: [],
        notes: ['skipped: without koffi the kernel hides megabytes of what stalled clients do not read'],
      };
    const hub = startSubject('paced-hub');
    const clients = startSubject('isolation-clients');
    // In a process of their own: what it costs to have them is not the hub's doing.
    const staller = startSubject('isolation-clients');
    try {
      const { port } = await hub.answer<{ port: number }>();
      await order(clients, { kind: 'connect', port, fast: FAST_CLIENTS });
      await order(staller, { kind: 'connect', port, fast: 0 });
      return await measure(context, hub, clients, staller);
    } finally {
      clients.close();
      staller.close();
      hub.close();
    }
  },
};

async function measure(
  { rounds, isShort }: BenchContext,
  hub: BenchChild,
  clients: BenchChild,
  staller: BenchChild,
): Promise<BenchResult> {
  const numbers = isShort ? SHORT_STALLED : STALLED;
  const visits = await takeTurns(
    rounds,
    numbers.map((stalled) => () => visit(hub, clients, staller, stalled)),
  );
  const rows = numbers.slice(1).flatMap((stalled, index) => {
    const bars = stalled === BARRED_STALLED ? [DURING_BAR, AFTER_BAR] : [];
    return (['during', 'after'] as const).map((phase, place) => {
      const p99s = (of: readonly Visit[]) => of.map((one) => one[phase].p99Micros);
      const name = `${stalled} stalled, ${phase === 'during' ? 'during eviction' : 'after it'}`;
      const ours = { name, values: p99s(visits[index + 1] ?? []) };
      return compareTurns(
        ours,
        { name: 'none stalled', values: p99s(visits[0] ?? []) },
        'us p99',
        bars[place],
      );
    });
  });
  const notes = numbers.slice(1).map((stalled, index) => {
    const evicted = (visits[index + 1] ?? []).map(({ stalledEnded }) => stalledEnded);
    return `${stalled} stalled: evicted in the turns ${evicted.join(', ')}`;
  });
  return { rows, notes };
}

async function visit(
  hub: BenchChild,
  clients: BenchChild,
  staller: BenchChild,
  stalled: number,
): Promise<Visit> {
  await order(staller, { kind: 'stall', stalled });
  const during = await phase(hub, clients, DURING_EVENTS);
  const { stalledEnded } = await order(staller, { kind: 'await-evicted' });
  const after = await phase(hub, clients, AFTER_EVENTS);
  return { during, after, stalledEnded };
}

/** Publishes events on an absolute schedule; the answer comes when every fast client has all of them. */
async function phase(hub: BenchChild, clients: BenchChild, events: number): Promise<IsolationResult> {
  const paced: PacedOrder = { events, eventBytes: EVENT_BYTES, eventsPerSecond: EVENTS_PER_SECOND };
  const read = order(clients, { kind: 'await', deliveries: events * FAST_CLIENTS });
  const [result] = await Promise.all([read, hub.ask<PacedResult>(paced)]);
  return result;
}

function order(clients: BenchChild, isolationOrder: IsolationOrder): Promise<IsolationResult> {
  return clients.ask<IsolationResult>(isolationOrder);
}
