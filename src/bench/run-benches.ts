// The program behind `npm run bench`: runs the benches that are named, or all, one after the other; shows a table of
// each and writes it as JSON. `--docs` runs nothing and writes the figures into docs/benchmarks.md. Exit 1 when a ratio is far off its bar, 2 when a name or a value is wrong.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Bench, type BenchReport, type BenchResult, isFarOff } from './bench.ts';
import { agentsBench } from './benches/agents.bench.ts';
import { connectBench } from './benches/connect.bench.ts';
import { endToEndBench } from './benches/end-to-end.bench.ts';
import { fanOutBench } from './benches/fan-out.bench.ts';
import { hotFunctionsBench } from './benches/hot-functions.bench.ts';
import { isolationBench } from './benches/isolation.bench.ts';
import { receiveBench } from './benches/receive.bench.ts';
import { scaleBench } from './benches/scale.bench.ts';
import { scheduleBench } from './benches/schedule.bench.ts';
import { transportBench } from './benches/transport.bench.ts';
import { replaceFigures } from './figures-table.ts';
import { renderRows } from './render-rows.ts';

const BENCHES: readonly Bench[] = [
  hotFunctionsBench,
  receiveBench,
  transportBench,
  connectBench,
  fanOutBench,
  scaleBench,
  isolationBench,
  endToEndBench,
  scheduleBench,
  agentsBench,
];
const ROUNDS = 7;
const SHORT_ROUNDS = 2;
const USAGE = 'npm run bench -- [NAME …] [--rounds N] [--short] [--output DIR] [--docs] [--list]';
const PAGE = 'docs/benchmarks.md';

interface Order {
  readonly benches: readonly Bench[];
  readonly rounds: number;
  readonly isShort: boolean;
  readonly output: string;
  /** Only writes the page, from what is in `output`. */
  readonly writesDocs: boolean;
}

function parseOrder(argv: readonly string[]): Order | string {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      short: { type: 'boolean', default: false },
      output: { type: 'string', default: 'reports/bench' },
      docs: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  if (values.list) return BENCHES.map(({ name, title }) => `${name.padEnd(14)} ${title}`).join('\n');
  const unknown = positionals.find((wanted) => !BENCHES.some(({ name }) => name === wanted));
  if (unknown !== undefined)
    throw new Error(`no bench is called ${unknown}; there are ${BENCHES.map(({ name }) => name).join(', ')}`);
  const rounds = Number(values.rounds ?? (values.short ? SHORT_ROUNDS : ROUNDS));
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1_000)
    throw new Error(`--rounds is a whole number from 1 to 1000, not ${values.rounds}`);
  const benches =
    positionals.length === 0 ? BENCHES : BENCHES.filter(({ name }) => positionals.includes(name));
  return { benches, rounds, isShort: values.short, output: values.output, writesDocs: values.docs };
}

async function runBench(bench: Bench, order: Order): Promise<BenchResult> {
  const { rounds, isShort, output } = order;
  print(`\n${bench.name}: ${bench.title}`);
  const startedAt = new Date().toISOString();
  const loadBefore = loadavg()[0] ?? 0;
  const result = await bench.run({ rounds, isShort });
  const environment: BenchReport['environment'] = {
    node: process.version,
    cpus: cpus().length,
    cpuModel: cpus()[0]?.model ?? 'unknown',
    loadBefore,
    loadAfter: loadavg()[0] ?? 0,
  };
  const report = {
    schemaVersion: 1,
    bench: bench.name,
    title: bench.title,
    startedAt,
    rounds,
    isShort,
    environment,
  };
  writeFileSync(`${output}/${bench.name}.json`, `${JSON.stringify({ ...report, ...result }, null, 2)}\n`);
  print(renderRows(result.rows));
  for (const note of result.notes) print(note);
  return result;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function writePage({ benches, output }: Order): number {
  const files = benches.map(({ name }) => `${output}/${name}.json`).filter((file) => existsSync(file));
  const reports = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as BenchReport);
  writeFileSync(PAGE, replaceFigures(readFileSync(PAGE, 'utf8'), reports));
  print(`${PAGE} has the figures of ${files.join(', ')}`);
  return 0;
}

async function main(order: Order): Promise<number> {
  if (order.writesDocs) return writePage(order);
  mkdirSync(order.output, { recursive: true });
  const rows = [];
  for (const bench of order.benches) rows.push(...(await runBench(bench, order)).rows);
  const farOff = rows.filter(isFarOff);
  for (const { subject, baseline, ratio, bar } of farOff)
    print(
      `far off: ${subject} is ${ratio.toFixed(2)} x ${baseline}; its bar is ${bar?.ratio}, the limit ${bar?.failsAt}`,
    );
  return farOff.length > 0 ? 1 : 0;
}

function readOrder(): Order | string {
  try {
    return parseOrder(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nusage: ${USAGE}\n`);
    process.exit(2);
  }
}

const order = readOrder();
if (typeof order === 'string') print(order);
else process.exitCode = await main(order);
