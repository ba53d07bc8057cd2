// How many deliveries a second of CPU time receives and fully verifies, as the load driver does it, against a `ws`
// client that only counts them; and against the same connections when frames are only counted, which is what is left
// when nothing is verified. It guards the hot path in client/, ledger/ and wire/.
import type { Bench, BenchRow } from '../bench.ts';
import { perCpuSecond, withReceivers } from '../receive-turns.ts';
import { compareTurns, median } from '../rounds.ts';

const BARS = [
  { framesPerRead: 1, bar: { sense: 'at-least', ratio: 1.25, failsAt: 0.8 } },
  { framesPerRead: 3, bar: { sense: 'at-least', ratio: 1.5, failsAt: 0.9 } },
  { framesPerRead: 16, bar: { sense: 'at-least', ratio: 3, failsAt: 1.2 } },
] as const;

export const receiveBench: Bench = {
  name: 'receive',
  title: 'verified deliveries per CPU-second of the driver, against a ws client that only counts',
  run: (context) =>
    withReceivers(['ledger', 'ws', 'net'], context, async ({ turns, judge }) => {
      const rows: BenchRow[] = [];
      const notes: string[] = [];
      for (const { framesPerRead, bar } of BARS) {
        const [ledger = [], ws = [], net = []] = await turns(framesPerRead);
        const label = `${framesPerRead} a read`;
        const ours = { name: `verified, ${label}`, values: ledger.map(perCpuSecond) };
        const unit = 'deliveries/CPU-s';
        rows.push(compareTurns(ours, { name: 'ws, counted', values: ws.map(perCpuSecond) }, unit, bar));
        rows.push(compareTurns(ours, { name: 'net, counted', values: net.map(perCpuSecond) }, unit));
        notes.push(
          `${label}: ${median(ledger.map(({ deliveries, reads: got }) => deliveries / got)).toFixed(1)} frames a read in fact`,
        );
      }
      return { rows, notes: [...notes, ...(await judge())] };
    }),
};
