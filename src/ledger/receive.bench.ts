// How many deliveries a second of CPU time receives and fully verifies, against a `ws` client that only counts them.
// Run: npm run bench:receive [-- --rounds 5 --clients 500]. Rounds alternate between the two, so that a
// noisy machine disturbs both; what counts is the median of the ratios.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { FloodOrder } from '../testing/flood-server.ts';
import type { RoundResult, SubjectOrder } from '../testing/receive-subject.ts';

const BARS = [
  { framesPerTick: 1, bar: 1.25 },
  { framesPerTick: 3, bar: 1.5 },
  { framesPerTick: 16, bar: 3 },
] as const;
const SUBJECTS = ['ledger', 'ws', 'net'] as const;
const ANSWER_DEADLINE_MILLIS = 60_000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    clients: { type: 'string', default: '500' },
    deliveries: { type: 'string', default: '150000' },
    output: { type: 'string', default: 'reports/bench' },
  },
});
const rounds = Number(values.rounds);
const clients = Number(values.clients);
const deliveriesPerRound = Number(values.deliveries);

function start(file: string, ...argv: string[]): ChildProcess {
  return fork(new URL(`../testing/${file}.js`, import.meta.url), argv);
}

function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no answer within ${ANSWER_DEADLINE_MILLIS} ms`)),
      ANSWER_DEADLINE_MILLIS,
    );
    const onExit = (code: number | null) => reject(new Error(`a bench process ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      clearTimeout(timer);
      child.off('exit', onExit);
      resolve(message as T);
    });
  });
}

function ask<T>(child: ChildProcess, order: SubjectOrder | FloodOrder): Promise<T> {
  const answered = answer<T>(child);
  child.send(order);
  return answered;
}

interface BenchRow {
  readonly framesPerRead: number;
  readonly verifiedPerCpuSecond: number;
  readonly wsCountedPerCpuSecond: number;
  readonly netCountedPerCpuSecond: number;
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
  /** Against the same connections when frames are only counted: what verifying costs. */
  readonly ofNet: number;
  readonly bar: number;
}

interface Round extends RoundResult {
  readonly perCpuSecond: number;
}

async function runRound(
  server: ChildProcess,
  subject: ChildProcess,
  group: string,
  framesPerTick: number,
): Promise<Round> {
  const ticks = Math.max(3, Math.round(deliveriesPerRound / (clients * framesPerTick)));
  await ask(subject, { kind: 'begin', framesPerTick });
  await ask(server, { group, ticks, framesPerTick, pid: subject.pid ?? 0 });
  const result = await ask<RoundResult>(subject, { kind: 'end' });
  sentEvents[group] = (sentEvents[group] ?? 0) + ticks * framesPerTick;
  return { ...result, perCpuSecond: (result.deliveries / result.cpuMicros) * 1e6 };
}

const sentEvents: { [group: string]: number } = {};

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

async function runBench(): Promise<void> {
  const server = start('flood-server');
  const subjects = SUBJECTS.map((name) => start('receive-subject', name));
  try {
    const { port } = await answer<{ port: number }>(server);
    for (const subject of subjects) await ask(subject, { kind: 'connect', port, clients });
    const [ledger, ws, net] = subjects as [ChildProcess, ChildProcess, ChildProcess];
    const results: BenchRow[] = [];
    for (const { framesPerTick, bar } of BARS) {
      const round = (subject: ChildProcess, group: string) => runRound(server, subject, group, framesPerTick);
      const triples = [];
      for (let turn = 0; turn <= rounds; turn++) {
        const triple = {
          ours: await round(ledger, 'ledger'),
          ws: await round(ws, 'ws'),
          net: await round(net, 'net'),
        };
        // The first turn only makes all of them run compiled code.
        if (turn > 0) triples.push(triple);
      }
      const ratios = triples.map(({ ours, ws: theirs }) => ours.perCpuSecond / theirs.perCpuSecond);
      const row = {
        framesPerRead: median(triples.map(({ ours }) => ours.deliveries / ours.reads)),
        verifiedPerCpuSecond: Math.round(median(triples.map(({ ours }) => ours.perCpuSecond))),
        wsCountedPerCpuSecond: Math.round(median(triples.map(({ ws: theirs }) => theirs.perCpuSecond))),
        netCountedPerCpuSecond: Math.round(median(triples.map(({ net: floor }) => floor.perCpuSecond))),
        ratio: median(ratios),
        lowest: Math.min(...ratios),
        highest: Math.max(...ratios),
        ofNet: median(triples.map(({ ours, net: floor }) => ours.perCpuSecond / floor.perCpuSecond)),
        bar,
      };
      results.push(row);
      print(renderRow(row));
    }
    const verdict = await ask<object>(ledger, { kind: 'judge', events: sentEvents.ledger ?? 0 });
    print(`the ledger of these rounds: ${JSON.stringify(verdict)}`);
    mkdirSync(values.output, { recursive: true });
    const report = { clients, rounds, deliveriesPerRound, results, verdict };
    writeFileSync(`${values.output}/receive.json`, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    for (const child of [server, ...subjects]) child.disconnect();
  }
}

function renderRow(row: BenchRow): string {
  const rates = [row.verifiedPerCpuSecond, row.wsCountedPerCpuSecond, row.netCountedPerCpuSecond];
  const [verified, ws, net] = rates.map((rate) => `${Math.round(rate / 1_000)}k`.padStart(5));
  const spread = `(${row.lowest.toFixed(2)} to ${row.highest.toFixed(2)})`;
  return [
    `${row.framesPerRead.toFixed(1).padStart(4)} frames/read, deliveries per CPU-second:`,
    `verified ${verified}, ws counting ${ws}, net counting ${net};`,
    `${row.ratio.toFixed(2)} x ws ${spread}, bar ${row.bar}: ${row.ratio >= row.bar ? 'held' : 'MISSED'};`,
    `${row.ofNet.toFixed(2)} x net`,
  ].join(' ');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await runBench();
