// Deliveries per CPU-second of the hub against a naive loop over `ws` clients, and the cost of a delivery from 100 to
// 16,000 clients. Run: npm run bench:fan-out [-- --rounds 5 --clients 500,5000 --scale]. Rounds alternate between the
// two, so that a noisy machine disturbs both; what counts is the median of the ratios.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ReaderOrder } from '../testing/fan-out-readers.ts';
import type { FanOutOrder, FanOutResult } from '../testing/fan-out-subject.ts';

const BARS = [
  { eventsPerTick: 1, bar: 1.1 },
  { eventsPerTick: 16, bar: 4 },
] as const;
const SCALE_CLIENTS = [100, 1_000, 4_000, 16_000];
const SCALE_REFERENCE_CLIENTS = 1_000;
const SCALE_TICKS = 25;
/** Fewer would measure how a tick begins, with cold caches and idle connections. */
const LEAST_TICKS = 10;
const ANSWER_DEADLINE_MILLIS = 120_000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    clients: { type: 'string', default: '500,5000' },
    deliveries: { type: 'string', default: '100000' },
    scale: { type: 'boolean', default: false },
    output: { type: 'string', default: 'reports/bench' },
  },
});
const rounds = Number(values.rounds);
const deliveriesPerRound = Number(values.deliveries);

interface Pair {
  readonly subject: ChildProcess;
  readonly readers: ChildProcess;
  readonly clients: number;
}

function start(file: string, ...argv: string[]): ChildProcess {
  return fork(new URL(`../testing/${file}.js`, import.meta.url), argv);
}

function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('a bench process did not answer')),
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

function ask<T>(child: ChildProcess, order: FanOutOrder | ReaderOrder): Promise<T> {
  const answered = answer<T>(child);
  child.send(order);
  return answered;
}

async function openPair(kind: 'hub' | 'ws', clients: number): Promise<Pair> {
  const subject = start('fan-out-subject', kind);
  const readers = start('fan-out-readers');
  const { port } = await answer<{ port: number }>(subject);
  await ask(readers, { kind: 'connect', port, clients });
  return { subject, readers, clients };
}

function closePair({ subject, readers }: Pair): void {
  readers.disconnect();
  subject.disconnect();
}

/** Deliveries per CPU-second; every delivery was read by its client. */
async function runRound(
  { subject, readers, clients }: Pair,
  eventsPerTick: number,
  ticks = Math.max(LEAST_TICKS, Math.round(deliveriesPerRound / (clients * eventsPerTick))),
): Promise<number> {
  const deliveries = clients * ticks * eventsPerTick;
  const read = ask<{ closed: number }>(readers, { kind: 'await', deliveries });
  const { cpuMicros } = await ask<FanOutResult>(subject, { ticks, eventsPerTick });
  const { closed } = await read;
  if (closed > 0) throw new Error(`${closed} clients were disconnected during the bench`);
  return (deliveries / cpuMicros) * 1e6;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

async function compare(clients: number): Promise<object[]> {
  const hub = await openPair('hub', clients);
  const ws = await openPair('ws', clients);
  const rows = [];
  for (const { eventsPerTick, bar } of BARS) {
    const pairs = [];
    for (let turn = 0; turn <= rounds; turn++) {
      const pair = { hub: await runRound(hub, eventsPerTick), ws: await runRound(ws, eventsPerTick) };
      // The first turn only makes both run compiled code.
      if (turn > 0) pairs.push(pair);
    }
    const ratios = pairs.map((pair) => pair.hub / pair.ws);
    const row = {
      clients,
      eventsPerTick,
      hubPerCpuSecond: Math.round(median(pairs.map((pair) => pair.hub))),
      wsPerCpuSecond: Math.round(median(pairs.map((pair) => pair.ws))),
      ratio: median(ratios),
      lowest: Math.min(...ratios),
      highest: Math.max(...ratios),
      bar,
    };
    rows.push(row);
    print(
      `${clients} clients, ${eventsPerTick} events a tick: ${row.hubPerCpuSecond} deliveries per CPU-second, ` +
        `ws loop ${row.wsPerCpuSecond}; ${row.ratio.toFixed(2)} x (${row.lowest.toFixed(2)} to ` +
        `${row.highest.toFixed(2)}), bar ${bar}: ${row.ratio >= bar ? 'held' : 'MISSED'}`,
    );
  }
  closePair(hub);
  closePair(ws);
  return rows;
}

/** Sizes take turns as well; the cost of each is compared with that at 1,000 clients in the same turn. */
async function measureScale(): Promise<object[]> {
  const pairs: Pair[] = [];
  for (const clients of SCALE_CLIENTS) pairs.push(await openPair('hub', clients));
  const microsPerDelivery = pairs.map((): number[] => []);
  for (let turn = 0; turn <= rounds; turn++) {
    for (const [index, pair] of pairs.entries()) {
      const micros = 1e6 / (await runRound(pair, 1, SCALE_TICKS));
      if (turn > 0) microsPerDelivery[index]?.push(micros);
    }
  }
  const reference = microsPerDelivery[SCALE_CLIENTS.indexOf(SCALE_REFERENCE_CLIENTS)] as number[];
  const rows = pairs.map(({ clients }, index) => {
    const micros = microsPerDelivery[index] as number[];
    const ratio = median(micros.map((one, turn) => one / (reference[turn] as number)));
    const row = { clients, microsPerDelivery: median(micros), ratio };
    print(
      `${clients} clients: ${row.microsPerDelivery.toFixed(2)} us of CPU for a delivery, ${ratio.toFixed(2)} x`,
    );
    return row;
  });
  for (const pair of pairs) closePair(pair);
  return rows;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const results = [];
for (const clients of values.clients.split(',').map(Number)) results.push(...(await compare(clients)));
const scale = values.scale ? await measureScale() : [];
mkdirSync(values.output, { recursive: true });
writeFileSync(
  `${values.output}/fan-out.json`,
  `${JSON.stringify({ rounds, deliveriesPerRound, results, scale }, null, 2)}\n`,
);
