// Deliveries per CPU-second of the hub, against a naive loop over `ws` clients and against a Go hub on gorilla. It
// guards the hot path in hub/.
import type { Bench, BenchContext, BenchRow } from '../bench.ts';
import { startSubject } from '../child.ts';
import { type FanOutPair, openPair } from '../fan-out-pair.ts';
import type { BuiltProgram } from '../native/built-program.ts';
import { buildGorillaHub, startGorillaHub, whyNoGorilla } from '../native/gorilla-hub.ts';
import { compareTurns, takeTurns } from '../rounds.ts';

const LOADS = [
  {
    eventsPerTick: 1,
    ws: { sense: 'at-least', ratio: 1.1, failsAt: 0.7 },
    go: { sense: 'at-least', ratio: 1, failsAt: 0.5 },
  },
  {
    eventsPerTick: 16,
    ws: { sense: 'at-least', ratio: 4, failsAt: 2 },
    go: { sense: 'at-least', ratio: 3, failsAt: 1.5 },
  },
] as const;
const CLIENTS = [500, 5_000];
const SHORT_CLIENTS = [500];
const TURN_DELIVERIES = 100_000;
const SHORT_TURN_DELIVERIES = 30_000;
/** Fewer would measure how a tick begins, with cold caches and idle connections. */
const LEAST_TICKS = 10;

export const fanOutBench: Bench = {
  name: 'fan-out',
  title: 'deliveries per CPU-second of the hub, against a naive ws loop and a Go gorilla hub',
  async run(context) {
    const reason = whyNoGorilla();
    const gorilla = reason === undefined ? await buildGorillaHub() : undefined;
    const rows: BenchRow[] = [];
    try {
      for (const clients of context.isShort ? SHORT_CLIENTS : CLIENTS)
        rows.push(...(await compareHubs(context, clients, gorilla)));
    } finally {
      gorilla?.remove();
    }
    return { rows, notes: reason === undefined ? [] : [`not compared with a Go hub: ${reason}`] };
  },
};

async function compareHubs(
  { rounds, isShort }: BenchContext,
  clients: number,
  gorilla: BuiltProgram | undefined,
): Promise<BenchRow[]> {
  const hubs = [startSubject('fan-out-subject', ['hub']), startSubject('fan-out-subject', ['ws'])];
  if (gorilla) hubs.push(startGorillaHub(gorilla));
  const pairs: FanOutPair[] = [];
  const rows: BenchRow[] = [];
  try {
    for (const hub of hubs) pairs.push(await openPair(hub, clients));
    for (const { eventsPerTick, ws, go } of LOADS) {
      const deliveries = isShort ? SHORT_TURN_DELIVERIES : TURN_DELIVERIES;
      const ticks = Math.max(LEAST_TICKS, Math.round(deliveries / (clients * eventsPerTick)));
      const turns = await takeTurns(
        rounds,
        pairs.map((pair) => async () => 1e6 / (await pair.microsPerDelivery({ ticks, eventsPerTick }))),
      );
      const [ours = [], naive = [], gorillas = []] = turns;
      const unit = 'deliveries/CPU-s';
      const subject = { name: `hub, ${clients} clients, ${eventsPerTick} a tick`, values: ours };
      rows.push(compareTurns(subject, { name: 'naive ws loop', values: naive }, unit, ws));
      if (gorilla) rows.push(compareTurns(subject, { name: 'Go gorilla hub', values: gorillas }, unit, go));
    }
  } finally {
    for (const pair of pairs) pair.close();
    for (const hub of hubs) hub.close();
  }
  return rows;
}
