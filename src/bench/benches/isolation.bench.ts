// Does a slow client hurt the fast ones? The p99 of fast clients with 10, 100 and 1,000 stalled clients, while the hub
// evicts them and afterwards, against none; one hub, which all numbers of stalled clients visit in turn. A Go hub beside it
// shows what the kernel and the machine cost a hub that has a thread for each of them.
import { hasSmallWindow } from '../../wire/kernel/small-window-socket.ts';
import type { Bench, BenchContext, BenchResult, BenchRow } from '../bench.ts';
import { type BenchChild, startSubject } from '../child.ts';
import { buildGorillaHub, startGorillaHub, whyNoGorilla } from '../native/gorilla-hub.ts';
import { compareTurns, takeTurns } from '../rounds.ts';
import type { IsolationOrder, IsolationResult } from '../subjects/isolation-clients.ts';
import type { PacedOrder, PacedResult } from '../subjects/paced-hub.ts';

const STALLED = [0, 10, 100, 1_000];
const SHORT_STALLED = [0, 100];
const GO_STALLED = [0, 1_000];
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

/** A hub with its clients; those that stall have a process of their own: what it costs to have them is not the hub's doing. */
interface Arrangement {
  readonly name: string;
  readonly hub: BenchChild;
  readonly fast: BenchChild;
  readonly staller: BenchChild;
  /** So many clients stall in each visit; first none. */
  readonly stalled: readonly number[];
}

export const isolationBench: Bench = {
  name: 'isolation',
  title:
    'p99 of fast clients with stalled ones, while these are evicted and afterwards, against none; the same of a Go hub',
  async run(context) {
    if (!hasSmallWindow())
      return {
        rows: [],
        notes: ['skipped: without koffi the kernel hides megabytes of what stalled clients do not read'],
      };
    const whyNotGo = whyNoGorilla();
    const gorilla = whyNotGo === undefined ? await buildGorillaHub() : undefined;
    const stalled = context.isShort ? SHORT_STALLED : STALLED;
    const arrangements = [arrange('hub', startSubject('paced-hub'), stalled)];
    if (gorilla) arrangements.push(arrange('Go gorilla hub', startGorillaHub(gorilla), GO_STALLED));
    try {
      for (const arrangement of arrangements) await connect(arrangement);
      const { rows, notes } = await measure(context, arrangements);
      return { rows, notes: gorilla ? notes : [...notes, `no Go hub beside it: ${whyNotGo}`] };
    } finally {
      for (const { fast, staller, hub } of arrangements)
        for (const child of [fast, staller, hub]) child.close();
      gorilla?.remove();
    }
  },
};

function arrange(name: string, hub: BenchChild, stalled: readonly number[]): Arrangement {
  return {
    name,
    hub,
    stalled,
    fast: startSubject('isolation-clients'),
    staller: startSubject('isolation-clients'),
  };
}

async function connect({ hub, fast, staller }: Arrangement): Promise<void> {
  const { port } = await hub.answer<{ port: number }>();
  await order(fast, { kind: 'connect', port, fast: FAST_CLIENTS });
  await order(staller, { kind: 'connect', port, fast: 0 });
}

async function measure({ rounds }: BenchContext, arrangements: readonly Arrangement[]): Promise<BenchResult> {
  const places = arrangements.flatMap((arrangement) =>
    arrangement.stalled.map((stalled) => ({ arrangement, stalled })),
  );
  const visits = await takeTurns(
    rounds,
    places.map(
      ({ arrangement, stalled }) =>
        () =>
          visit(arrangement, stalled),
    ),
  );
  const of = (wanted: Arrangement, stalled: number): readonly Visit[] =>
    visits[places.findIndex((place) => place.arrangement === wanted && place.stalled === stalled)] ?? [];
  const compared = places.filter(({ stalled }) => stalled > 0);
  const rows = compared.flatMap(({ arrangement, stalled }) =>
    rowsOf(arrangement, stalled, of(arrangement, stalled), of(arrangement, 0)),
  );
  const notes = compared.map(({ arrangement, stalled }) => {
    const evicted = of(arrangement, stalled).map(({ stalledEnded }) => stalledEnded);
    return `${arrangement.name}, ${stalled} stalled: evicted in the turns ${evicted.join(', ')}`;
  });
  return { rows, notes };
}

/** Only the hub of the kit has bars. */
function rowsOf(
  arrangement: Arrangement,
  stalled: number,
  ours: readonly Visit[],
  none: readonly Visit[],
): BenchRow[] {
  const hasBars = arrangement.stalled === STALLED && stalled === BARRED_STALLED;
  return (['during', 'after'] as const).map((phase) => {
    const p99s = (visits: readonly Visit[]) => visits.map((one) => one[phase].p99Micros);
    const title = `${arrangement.name}, ${stalled} stalled, ${phase === 'during' ? 'during eviction' : 'after it'}`;
    const bar = phase === 'during' ? DURING_BAR : AFTER_BAR;
    const subject = { name: title, values: p99s(ours) };
    const baseline = { name: 'none stalled', values: p99s(none) };
    const row = compareTurns(subject, baseline, 'us p99', hasBars ? bar : undefined);
    return arrangement.stalled === GO_STALLED ? { ...row, isFloor: true } : row;
  });
}

async function visit({ hub, fast, staller }: Arrangement, stalled: number): Promise<Visit> {
  await order(staller, { kind: 'stall', stalled });
  const during = await phase(hub, fast, DURING_EVENTS);
  const { stalledEnded } = await order(staller, { kind: 'await-evicted' });
  const after = await phase(hub, fast, AFTER_EVENTS);
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
