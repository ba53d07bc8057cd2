// The hot functions one by one, in this process, each against its usual alternative: shows which of them got slower
// when a bench of the whole did.
import type { Bar, Bench, BenchRow } from '../bench.ts';
import { frameReader } from '../hot-functions/frame-reader.ts';
import type { Repeat } from '../hot-functions/hot-function.ts';
import { deferredWrites, originRule } from '../hot-functions/hub.ts';
import { comparison, histogram, ledger } from '../hot-functions/ledger.ts';
import { compareTurns, takeTurns } from '../rounds.ts';
import { cpuMicrosSince } from '../subject-process.ts';

const TURN_CALLS = 400_000;
const SHORT_TURN_CALLS = 100_000;

export const hotFunctionsBench: Bench = {
  name: 'hot-functions',
  title: 'hot functions in isolation, each against its usual alternative',
  async run({ rounds, isShort }) {
    const calls = isShort ? SHORT_TURN_CALLS : TURN_CALLS;
    const rows: BenchRow[] = [];
    for (const make of [frameReader, ledger, comparison, histogram, originRule, deferredWrites]) {
      const { name, ours, baseline, theirs, atMost, failsAt } = make();
      const turns = await takeTurns(rounds, [
        () => nanosPerCall(ours, calls),
        () => nanosPerCall(theirs, calls),
      ]);
      const [our = [], their = []] = turns;
      const bar: Bar = { sense: 'at-most', ratio: atMost, failsAt };
      rows.push(compareTurns({ name, values: our }, { name: baseline, values: their }, 'CPU ns/call', bar));
    }
    return { rows, notes: [] };
  },
};

function nanosPerCall(repeat: Repeat, count: number): number {
  const begun = process.cpuUsage();
  const made = repeat(count);
  return (cpuMicrosSince(begun) * 1e3) / made;
}
