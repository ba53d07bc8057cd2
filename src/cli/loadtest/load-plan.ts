// From flags, environment and plan file to a checked plan. Nothing is started here; every mistake is one line.
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type Cohort, parseCohort } from '../../client/cohort.ts';
import { DEFAULTS, defaultThresholds, type LoadPlan } from '../../load/plan.ts';
import { parseThreshold } from '../../load/thresholds.ts';
import { loadScenario } from '../../scenario/library.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { compileSchema, parseYamlFile } from '../../scenario/yaml-file.ts';
import { type Parsed, unparsed } from '../../units/parsed.ts';
import { parseFactor, parsePerSecond } from '../../units/rate.ts';
import { type OptionTable, type OptionValues, UsageError } from '../command-line.ts';
import { duration, integer, parseInteger, single, texts } from '../option.ts';

const group = 'Load:';
const positiveRate = (text: string): Parsed<number> => {
  const rate = parsePerSecond(text);
  return rate.ok && rate.value <= 0 ? unparsed(`"${text}" is not a rate: it must be above 0`) : rate;
};
const workers = (text: string): Parsed<number | 'auto'> =>
  text === 'auto' ? { ok: true, value: 'auto' } : parseInteger(text, 1, 256);

/** Options of a run; a plan file has the same names. */
export const PLAN_OPTIONS = {
  clients: { ...integer('Fast clients: short for --cohort fast=N', 'N', 1, 1_000_000), group },
  cohort: {
    ...texts(
      'Clients and how they read, NAME=COUNT[:BEHAVIOUR]; repeatable; behaviours: fast, stall(after=N), trickle(1KiB/s), flap(read=2s,pause=5s), lag(50ms), vanish(after=N), never-pong, half-open, slow-handshake(10s), churn(every=1s); in sequence: "fast(for=2s) then stall(for=3s) then fast", "fast(until=10) then half-open"',
      'COHORT',
    ),
    group,
  },
  scenario: { ...texts(`Shipped name or file; repeatable [${DEFAULTS.scenario}]`, 'FILE'), group },
  speed: { ...single(`Replay speed of scenarios [${DEFAULTS.speed}x]`, 'FACTOR', parseFactor), group },
  rate: {
    ...single("Events per second, instead of the scenarios' own times", 'EVENTS/s', positiveRate),
    group,
  },
  duration: { ...duration('Measured time [30s]', 1_000), group },
  warmup: { ...duration('Time before it, not measured [3s]'), group },
  ramp: { ...single(`Connections per second [${DEFAULTS.rampPerSecond}]`, 'CONNS/s', positiveRate), group },
  threshold: {
    ...texts("Limit that fails the run, such as 'latency{cohort=fast}.p99<50ms'; repeatable", 'EXPR'),
    group,
  },
  workers: { ...single('Client processes, or auto [auto]', 'N', workers), group },
  'http-load': {
    ...integer('Connections that load the HTTP side meanwhile [0]', 'CONNECTIONS', 0, 10_000),
    group,
  },
  seed: { ...integer('Makes chance repeat [1]', 'N', 0, 2 ** 31 - 1), group },
} as const;

export type PlanValues = OptionValues<typeof PLAN_OPTIONS>;

/** Values of a plan file, under those given on the command line; the file may also name its `url`. */
export function readPlanFile(path: string): {
  readonly values: Partial<Record<keyof PlanValues, unknown>>;
  readonly url: string | undefined;
} {
  if (!existsSync(path)) throw new UsageError(`${path}: no such file (a plan), and not a ws:// URL`);
  const file = parseYamlFile<Record<string, unknown>>(readFileSync(path, 'utf8'), path, validatePlanFile);
  if (!file.ok) throw new UsageError(file.problem);
  const { data, blame } = file.value;
  const values: Partial<Record<string, unknown>> = {};
  for (const [name, option] of Object.entries(PLAN_OPTIONS as OptionTable)) {
    if (data[name] === undefined) continue;
    const value = option.parse([data[name]].flat().map(String));
    if (!value.ok) throw new UsageError(blame([name], value.problem));
    values[name] = value.value;
  }
  return { values, url: data.url as string | undefined };
}

const validatePlanFile = compileSchema<Record<string, unknown>>({
  type: 'object',
  additionalProperties: false,
  properties: {
    url: { type: 'string' },
    ...Object.fromEntries(
      Object.entries(PLAN_OPTIONS).map(([name, option]) => [
        name,
        option.isRepeatable
          ? { type: ['string', 'array'], items: { type: 'string' } }
          : { type: ['string', 'number'] },
      ]),
    ),
  },
});

export function createPlan(values: PlanValues): LoadPlan {
  const cohorts = readCohorts(values);
  const clients = cohorts.reduce((total, cohort) => total + cohort.clients, 0);
  return {
    cohorts,
    scenarios: (values.scenario ?? [DEFAULTS.scenario]).map(mustLoadScenario),
    speed: values.speed ?? DEFAULTS.speed,
    ratePerSecond: values.rate,
    durationMillis: values.duration ?? DEFAULTS.durationMillis,
    warmupMillis: values.warmup ?? DEFAULTS.warmupMillis,
    rampPerSecond: values.ramp ?? DEFAULTS.rampPerSecond,
    workers: countWorkers(values.workers ?? 'auto', clients),
    httpLoadConnections: values['http-load'] ?? 0,
    thresholds: readThresholds(values.threshold, cohorts),
    seed: values.seed ?? 1,
  };
}

function readCohorts({ clients, cohort }: PlanValues): Cohort[] {
  const written = [...(clients === undefined ? [] : [`fast=${clients}`]), ...(cohort ?? [])];
  const cohorts = (written.length === 0 ? DEFAULTS.cohorts : written).map((text) => {
    const one = parseCohort(text);
    if (!one.ok) throw new UsageError(`--cohort: ${one.problem}`);
    return one.value;
  });
  const names = cohorts.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new UsageError(`--cohort: two cohorts are called ${twice}; give each its own name`);
  return cohorts;
}

function mustLoadScenario(nameOrPath: string): Scenario {
  const scenario = loadScenario(nameOrPath);
  if (!scenario.ok) throw new UsageError(`--scenario: ${scenario.problem}`);
  return scenario.value;
}

function readThresholds(
  given: readonly string[] | undefined,
  cohorts: readonly Cohort[],
): LoadPlan['thresholds'] {
  const names = cohorts.map(({ name }) => name);
  return (given ?? defaultThresholds(cohorts)).map((expr) => {
    const threshold = parseThreshold(expr, names);
    if (!threshold.ok) throw new UsageError(`--threshold: ${threshold.problem}`);
    return threshold.value;
  });
}

/** The hub needs a core of its own. */
export function countWorkers(wanted: number | 'auto', clients: number): number {
  return Math.min(clients, wanted === 'auto' ? Math.max(1, availableParallelism() - 1) : wanted);
}
