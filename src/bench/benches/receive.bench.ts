// How many deliveries a second of CPU time receives and fully verifies, as the load driver does it, against a `ws`
// client that only counts them; and against the same connections when frames are only counted, which is what is left
// when nothing is verified. It guards the hot path in client/, ledger/ and wire/.
import { openRing } from '../../wire/ring/open-ring.ts';
import type { Bench, BenchRow } from '../bench.ts';
import { perCpuSecond, withReceivers } from '../receive-turns.ts';
import { compareTurns, median } from '../rounds.ts';

const BARS = [
  {
    framesPerRead: 1,
    bar: { sense: 'at-least', ratio: 1.25, failsAt: 0.8 },
    ringBar: { sense: 'at-least', ratio: 1.7, failsAt: 1.1 },
  },
  {
    framesPerRead: 3,
    bar: { sense: 'at-least', ratio: 1.5, failsAt: 0.9 },
    ringBar: { sense: 'at-least', ratio: 2.2, failsAt: 1.3 },
  },
  {
    framesPerRead: 16,
    bar: { sense: 'at-least', ratio: 3, failsAt: 1.2 },
    ringBar: { sense: 'at-least', ratio: 3, failsAt: 1.5 },
  },
] as const;

/** The ring last, where there is one. */
const NAMES = ['ledger', 'ws', 'net'] as const;

export const receiveBench: Bench = {
  name: 'receive',
  title: 'verified deliveries per CPU-second of the driver, against a ws client that only counts',
  async run(context) {
    const tried = openRing();
    if (tried.ok) tried.value.close();
    const names = tried.ok ? [...NAMES, 'ring' as const] : NAMES;
    return withReceivers(names, context, async ({ turns, judge }) => {
      const rows: BenchRow[] = [];
      const notes = tried.ok ? [] : [`reading through a ring is left out: ${tried.problem}`];
      for (const { framesPerRead, bar, ringBar } of BARS) {
        const [ledger = [], ws = [], net = [], ring] = await turns(framesPerRead);
        const label = `${framesPerRead} a read`;
        const ours = { name: `verified, ${label}`, values: ledger.map(perCpuSecond) };
        const unit = 'deliveries/CPU-s';
        const wsCounted = { name: 'ws, counted', values: ws.map(perCpuSecond) };
        rows.push(compareTurns(ours, wsCounted, unit, bar));
        rows.push(compareTurns(ours, { name: 'net, counted', values: net.map(perCpuSecond) }, unit));
        if (ring !== undefined) {
          const byRing = { name: `verified through a ring, ${label}`, values: ring.map(perCpuSecond) };
          rows.push(compareTurns(byRing, wsCounted, unit, ringBar));
        }
        notes.push(
          `${label}: ${median(ledger.map(({ deliveries, reads: got }) => deliveries / got)).toFixed(1)} frames a read in fact`,
        );
      }
      return { rows, notes: [...notes, ...(await judge())] };
    });
  },
};
