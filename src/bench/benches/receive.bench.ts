// How many deliveries a second of CPU time receives and fully verifies, as the load driver does it, against a `ws`
// client that only counts them; and against the same connections when frames are only counted, which is what is left
// when nothing is verified; and the same over TLS. It guards the hot path in client/, ledger/ and wire/.
import type { Bench, BenchContext, BenchResult, BenchRow } from '../bench.ts';
import { type BenchChild, startSubject } from '../child.ts';
import { compareTurns, median, takeTurns } from '../rounds.ts';
import type { FloodOrder } from '../subjects/flood-server.ts';
import type { ReceiveOrder, ReceiveResult, ReceiveVerdict } from '../subjects/receive-subject.ts';

const BARS = [
  { framesPerRead: 1, bar: { sense: 'at-least', ratio: 1.25, failsAt: 0.8 } },
  { framesPerRead: 3, bar: { sense: 'at-least', ratio: 1.5, failsAt: 0.9 } },
  { framesPerRead: 16, bar: { sense: 'at-least', ratio: 3, failsAt: 1.2 } },
] as const;
const SUBJECTS = ['ledger', 'ws', 'net', 'tls'] as const;
const CLIENTS = 500;
const TURN_READS = 150_000;
const SHORT_TURN_READS = 25_000;

export const receiveBench: Bench = {
  name: 'receive',
  title: 'verified deliveries per CPU-second of the driver, against a ws client that only counts',
  async run(context) {
    const server = startSubject('flood-server');
    const subjects = SUBJECTS.map((name) => startSubject('receive-subject', [name]));
    try {
      const ports = await server.answer<{ port: number; tlsPort: number }>();
      for (const subject of subjects) await order(subject, { kind: 'connect', ...ports, clients: CLIENTS });
      return await measure(context, server, subjects);
    } finally {
      for (const child of [server, ...subjects]) child.close();
    }
  },
};

async function measure(
  { rounds, isShort }: BenchContext,
  server: BenchChild,
  subjects: readonly BenchChild[],
): Promise<BenchResult> {
  const rows: BenchRow[] = [];
  const notes: string[] = [];
  let events = 0;
  for (const { framesPerRead, bar } of BARS) {
    // The share of a read in the cost falls with the frames in it; turns stay about equally long.
    const reads = (isShort ? SHORT_TURN_READS : TURN_READS) / Math.sqrt(framesPerRead);
    const ticks = Math.ceil(reads / CLIENTS);
    const turns = await takeTurns(
      rounds,
      subjects.map(
        (subject, index) => () => runTurn(server, subject, SUBJECTS[index] ?? '', ticks, framesPerRead),
      ),
    );
    events += (rounds + 1) * ticks * framesPerRead;
    const [ledger = [], ws = [], net = [], tls = []] = turns;
    const label = `${framesPerRead} a read`;
    const ours = { name: `verified, ${label}`, values: ledger.map(perCpuSecond) };
    const unit = 'deliveries/CPU-s';
    rows.push(compareTurns(ours, { name: 'ws, counted', values: ws.map(perCpuSecond) }, unit, bar));
    rows.push(compareTurns(ours, { name: 'net, counted', values: net.map(perCpuSecond) }, unit));
    const overTls = { name: `over TLS, ${label}`, values: tls.map(perCpuSecond) };
    rows.push(compareTurns(overTls, ours, unit));
    notes.push(
      `${label}: ${median(ledger.map(({ deliveries, reads: got }) => deliveries / got)).toFixed(1)} frames a read in fact`,
    );
  }
  for (const [index, name] of SUBJECTS.entries()) {
    if (name === 'ws' || name === 'net') continue;
    const verdict = await order<ReceiveVerdict>(subjects[index] as BenchChild, { kind: 'judge', events });
    if (!verdict.balanced)
      throw new Error(`the ledger of the bench (${name}) does not balance: ${JSON.stringify(verdict)}`);
    notes.push(`the ledger of all turns (${name}) balances: ${JSON.stringify(verdict)}`);
  }
  return { rows, notes };
}

async function runTurn(
  server: BenchChild,
  subject: BenchChild,
  group: string,
  ticks: number,
  framesPerTick: number,
): Promise<ReceiveResult> {
  await order(subject, { kind: 'begin', framesPerTick });
  const flood: FloodOrder = { group, ticks, framesPerTick, pid: subject.pid };
  await server.ask(flood);
  return await order<ReceiveResult>(subject, { kind: 'end' });
}

function order<T>(subject: BenchChild, receiveOrder: ReceiveOrder): Promise<T> {
  return subject.ask<T>(receiveOrder);
}

function perCpuSecond({ deliveries, cpuMicros }: ReceiveResult): number {
  return (deliveries / cpuMicros) * 1e6;
}
