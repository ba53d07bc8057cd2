// What TLS and compression cost: verified deliveries of the load driver per CPU-second beside plain ones, each against
// `ws` clients that only count over the same transport; and the hub with compression, which makes one frame for all
// clients, against a loop over `ws` clients, each of which has a compressor.
import type { Bench, BenchContext, BenchRow } from '../bench.ts';
import { startSubject } from '../child.ts';
import { type FanOutPair, openPair } from '../fan-out-pair.ts';
import { perCpuSecond, withReceivers } from '../receive-turns.ts';
import { type Contender, compareTurns, takeTurns } from '../rounds.ts';

const BARS = {
  tls: { sense: 'at-least', ratio: 1.1, failsAt: 0.6 },
  deflate: { sense: 'at-least', ratio: 8, failsAt: 3 },
  /** Equal compressed frames are compared as they are, so that compression costs the driver next to nothing. */
  deflateToPlain: { sense: 'at-least', ratio: 0.8, failsAt: 0.4 },
  takeover: { sense: 'at-least', ratio: 1.25, failsAt: 0.7 },
  hub: { sense: 'at-least', ratio: 4, failsAt: 1.5 },
} as const;
const FRAMES_PER_READ = 3;
const UNIT = 'deliveries/CPU-s';
const SUBJECTS = ['ledger', 'tls', 'ws-tls', 'deflate', 'ws-deflate', 'takeover', 'ws-takeover'] as const;
/** A `ws` client takes some 40 us to inflate a message. */
const TURN = { clients: 500, reads: 50_000 };
const SHORT_TURN = { clients: 200, reads: 3_000 };
const FAN_OUT_CLIENTS = 500;
/** Of the loop over `ws` clients a delivery takes some 50 us. */
const TURN_TICKS = 40;
const SHORT_TURN_TICKS = 10;

export const transportBench: Bench = {
  name: 'transport',
  title:
    'verified deliveries over TLS and compressed, and the hub with compression, each against ws doing the same',
  async run(context) {
    const size = context.isShort ? SHORT_TURN : TURN;
    const { rows, notes } = await withReceivers(
      SUBJECTS,
      context,
      async ({ turns, judge }) => {
        const results = await turns(FRAMES_PER_READ);
        const of = (subject: (typeof SUBJECTS)[number], name: string): Contender => ({
          name,
          values: (results[SUBJECTS.indexOf(subject)] ?? []).map(perCpuSecond),
        });
        const plain = of('ledger', 'verified, plain');
        const tls = of('tls', 'verified over TLS');
        const deflate = of('deflate', 'verified, compressed for all');
        const takeover = of('takeover', 'verified, context takeover');
        const rows = [
          compareTurns(tls, of('ws-tls', 'ws over TLS, counted'), UNIT, BARS.tls),
          compareTurns(tls, plain, UNIT),
          compareTurns(deflate, of('ws-deflate', 'ws, compressed, counted'), UNIT, BARS.deflate),
          compareTurns(deflate, plain, UNIT, BARS.deflateToPlain),
          compareTurns(takeover, of('ws-takeover', 'ws, context takeover, counted'), UNIT, BARS.takeover),
          compareTurns(takeover, plain, UNIT),
        ];
        return { rows, notes: await judge() };
      },
      { size },
    );
    return { rows: [...rows, ...(await compareHubs(context))], notes };
  },
};

async function compareHubs({ rounds, isShort }: BenchContext): Promise<BenchRow[]> {
  const names = ['hub-deflate', 'ws-deflate', 'hub'];
  const hubs = names.map((name) => startSubject('fan-out-subject', [name]));
  const pairs: FanOutPair[] = [];
  try {
    for (const hub of hubs) pairs.push(await openPair(hub, FAN_OUT_CLIENTS));
    const ticks = isShort ? SHORT_TURN_TICKS : TURN_TICKS;
    const turns = await takeTurns(
      rounds,
      pairs.map((pair) => async () => 1e6 / (await pair.microsPerDelivery({ ticks, eventsPerTick: 1 }))),
    );
    const [ours = [], ws = [], plain = []] = turns;
    const subject = { name: `hub with compression, ${FAN_OUT_CLIENTS} clients`, values: ours };
    return [
      compareTurns(subject, { name: 'naive ws loop with compression', values: ws }, UNIT, BARS.hub),
      compareTurns(subject, { name: 'hub without', values: plain }, UNIT),
    ];
  } finally {
    for (const pair of pairs) pair.close();
    for (const hub of hubs) hub.close();
  }
}
