// The search as a run, on a simulated clock and a hub that is a function: budget, interruption, a hub that dies.

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { LoadPlan } from '../plan/plan.ts';
import type { LoadtestResult } from '../result/result.ts';
import { foldFind } from './fold-find.ts';
import { judgeStep } from './judge-step.ts';
import { parseMachineWork } from './other-work.ts';
import { runFind } from './run-find.ts';
import { SEARCH_DEFAULTS } from './search.ts';

const PLAN: LoadPlan = {
  cohorts: [{ name: 'fast', clients: 10, behaviour: { kind: 'fast' } }],
  scenarios: [],
  speed: 1,
  ratePerSecond: 50,
  durationMillis: 4_000,
  warmupMillis: 500,
  rampPerSecond: 1_000,
  workers: 1,
  httpLoadConnections: 0,
  compression: false,
  readBackend: 'auto',
  localAddresses: [],
  clientBufferMessages: undefined,
  thresholds: [],
  faults: [],
  seed: 1,
};
const SEARCH = { from: 50, least: 1, most: 10_000, ...SEARCH_DEFAULTS };
const STEP_MILLIS = 5_000;

type Part = Partial<Omit<LoadtestResult, 'generator'>> & { readonly limits?: readonly string[] };

/** Only what a search looks at. */
function resultOf(ratePerSecond: number, { limits = [], ...part }: Part = {}): LoadtestResult {
  return {
    verdict: 'passed',
    partial: false,
    findings: [],
    thresholds: [],
    cohorts: [{ name: 'fast', evicted: 0, lost: 0, latencyMicros: { count: 9, p50: 1_000, p99: 2_000 } }],
    throughput: { publishedPerSecond: ratePerSecond, deliveriesPerSecond: ratePerSecond * 10 },
    generator: { limited: limits.length > 0, reasons: limits, cpuSeconds: 4 },
    hub: { cpuSeconds: 1, rssBytes: 1, descriptors: 1 },
    environment: { node: 'v20', platform: 'linux', cpu: 'x', cores: 2, memoryBytes: 1, hasSmallWindow: true },
    ...part,
  } as unknown as LoadtestResult;
}

const breached = { expr: 'latency{cohort=fast}.p99<1ms', observed: 2_000, rendered: '2 ms', ok: false };
const BREACHED = [{ ...breached, isDecided: true }];

function run(
  hub: (rate: number) => Part,
  options: { budgetMillis?: number; stopAtMillis?: number; revives?: boolean; stepsThatCanRun?: number } = {},
) {
  const clock = createSimulatedClock();
  const controller = new AbortController();
  if (options.stopAtMillis !== undefined) clock.after(options.stopAtMillis, () => controller.abort());
  const rates: number[] = [];
  const work = runFind({
    search: SEARCH,
    planAt: (level) => ({ ...PLAN, ratePerSecond: level }),
    runStep(plan, signal) {
      const rate = plan.ratePerSecond ?? 0;
      if (rates.length === options.stepsThatCanRun) return Promise.resolve(unparsed('found 1 agent'));
      rates.push(rate);
      return new Promise<Parsed<LoadtestResult>>((resolve) => {
        const timer = clock.after(STEP_MILLIS, () => resolve(parsed(resultOf(rate, hub(rate)))));
        signal.addEventListener('abort', () => {
          timer.cancel();
          resolve(parsed(resultOf(rate, { partial: true, verdict: 'inconclusive' })));
        });
      });
    },
    revive: async () => options.revives ?? false,
    budgetMillis: options.budgetMillis ?? 540_000,
    // Both cores are always busy.
    readMachineWork: () => ({ busySeconds: (2 * clock.nowMicros()) / 1e6, cores: 2 }),
    clock,
    interruption: controller.signal,
    onStep() {},
  });
  return { work, clock, rates };
}

async function complete(...args: Parameters<typeof run>) {
  const { work, clock, rates } = run(...args);
  let isDone = false;
  void work.then(() => (isDone = true));
  for (let seconds = 0; seconds < 700 && !isDone; seconds++) await clock.advanceAsync(1_000);
  return { ...(await work), rates, clock };
}

const capacityAt = (capacity: number) => (rate: number) => (rate <= capacity ? {} : { thresholds: BREACHED });

describe('a search', () => {
  it('finds the capacity within its time, and its result matches the schema', async () => {
    const outcome = await complete(capacityAt(700));
    expect(outcome.stoppedBecause).toBeUndefined();
    expect(outcome.answer).toMatchObject({ kind: 'capacity', isPrecise: true });
    expect(outcome.clock.nowMicros()).toBeLessThan(300e6);
    const result = foldFind({
      outcome,
      plan: PLAN,
      vary: 'rate',
      kitVersion: '1.2.3',
      target: { adapter: 'http', url: 'ws://127.0.0.1:1/ws' },
      startedAtWallMillis: 0,
      durationMillis: 1,
      budgetMillis: 540_000,
    });
    const file = new URL('../schemas/find.schema.json', import.meta.url);
    const schema = JSON.parse(readFileSync(file, 'utf8')) as object;
    const validate = new Ajv2020({
      strict: true,
      allErrors: true,
      allowUnionTypes: true,
      strictRequired: false,
    }).compile(schema);
    expect([validate(result), validate.errors]).toEqual([true, null]);
    expect(result.steps[0]?.othersCpuShare).toBe(0.5); // 10 CPU seconds, of which 5 are the hub's and the generator's
    expect(result.curve.map(({ level }) => level)).toEqual([...new Set(outcome.rates)].sort((a, b) => a - b));
  });

  it('stops before a step that its time does not allow, and reports it', async () => {
    const outcome = await complete(capacityAt(700), { budgetMillis: 28_000 });
    expect(outcome.rates).toEqual([50, 100, 200, 400, 800]);
    expect(outcome).toMatchObject({
      answer: { kind: 'at-least', level: 400, limit: 'time' },
      stoppedBecause: 'the time was over (budget 28 s)',
    });
  });

  it('cuts off the step under way when its time is over', async () => {
    const outcome = await complete(() => ({}), { budgetMillis: 3_000 });
    expect(outcome).toMatchObject({ steps: [], answer: { kind: 'inconclusive', limit: 'time' } });
  });

  it('answers from the steps so far when it is interrupted', async () => {
    const outcome = await complete(capacityAt(700), { stopAtMillis: 12_000 });
    expect(outcome).toMatchObject({
      answer: { kind: 'at-least', level: 100, limit: 'time' },
      stoppedBecause: 'interrupted',
      hasTargetFailed: false,
    });
  });

  it('answers from the steps so far when no more can be run', async () => {
    const outcome = await complete(capacityAt(700), { stepsThatCanRun: 3 });
    expect(outcome).toMatchObject({
      answer: { kind: 'at-least', level: 200, limit: 'time' },
      stoppedBecause: 'found 1 agent',
      hasTargetFailed: false,
    });
  });

  it('goes on below when an overload ended the hub and it came back', async () => {
    const dying = (rate: number): Part =>
      rate <= 700
        ? {}
        : {
            verdict: 'failed',
            hasTargetFailed: true,
            partial: true,
            stoppedBecause: 'the hub exited with code 1',
          };
    const outcome = await complete(dying, { revives: true });
    expect(outcome.answer.kind).toBe('capacity');
    expect(outcome.steps.find(({ outcome: one }) => one === 'failed')?.reason).toBe(
      'the hub exited with code 1',
    );
  });

  it('ends when the hub does not come back', async () => {
    const dying = (): Part => ({
      verdict: 'failed',
      hasTargetFailed: true,
      partial: true,
      stoppedBecause: 'the hub was killed',
    });
    expect(await complete(dying)).toMatchObject({
      hasTargetFailed: true,
      stoppedBecause: 'the hub was killed',
    });
  });
});

describe('parseMachineWork', () => {
  it('adds up what all programs used, in seconds, idle time and waiting left out', () => {
    const text = 'cpu  100 20 30 9999 888 40 10 0 0 0\ncpu0 1 2\ncpu1 3 4\nintr 5\n';
    expect(parseMachineWork(text)).toEqual({ busySeconds: 2, cores: 2 });
    expect(parseMachineWork('nothing')).toBeUndefined();
  });
});

describe('judgeStep', () => {
  const judge = (part: Part, published = 50) => judgeStep(resultOf(published, part), PLAN);

  it.each<[string, Part, object]>([
    ['holds where nothing is wrong', {}, { outcome: 'passed' }],
    [
      'holds where the generator was busy and all went well',
      { limits: ['worker 1 was busy'] },
      { outcome: 'passed' },
    ],
    [
      'fails by a threshold',
      { thresholds: BREACHED },
      { outcome: 'failed', cause: breached.expr, reason: `${breached.expr}: 2 ms` },
    ],
    [
      'blames the generator first',
      { thresholds: BREACHED, limits: ['worker 1 was busy'] },
      {
        outcome: 'limited',
        cause: `generator, ${breached.expr}`,
        reason: `worker 1 was busy; ${breached.expr}: 2 ms`,
      },
    ],
    [
      'fails by what a load causes, asked for or not',
      { findings: [{ name: 'fast-evicted', severity: 'error', message: '3 clients' }] },
      { outcome: 'failed', cause: 'fast-evicted', reason: '3 clients' },
    ],
    [
      'does not hold where readers were evicted, though the generator may have caused it',
      {
        findings: [{ name: 'fast-evicted', severity: 'warning', message: '3 clients' }],
        limits: ['worker 1 was busy'],
      },
      { outcome: 'limited', cause: 'generator, fast-evicted', reason: 'worker 1 was busy; 3 clients' },
    ],
    [
      'says nothing where an agent was lost, whatever else came',
      {
        partial: true,
        stoppedBecause: 'agent a is lost',
        findings: [
          { name: 'agent-lost', severity: 'warning', message: 'agent a is lost: not counted' },
          { name: 'lost', severity: 'error', message: '3 deliveries' },
        ],
        thresholds: BREACHED,
      },
      { outcome: 'limited', cause: 'agent-lost', reason: 'agent a is lost: not counted' },
    ],
    [
      'says nothing where a process of the load generator ended',
      { partial: true, stoppedBecause: 'worker process 1 ended by itself' },
      { outcome: 'limited', cause: 'ended', reason: 'worker process 1 ended by itself' },
    ],
    [
      'says nothing where the clocks of machines leave a threshold open',
      { thresholds: [{ ...breached, isDecided: false, isWithinClockError: true }] },
      { outcome: 'limited', cause: breached.expr, reason: `${breached.expr}: 2 ms` },
    ],
    [
      'leaves out what is the same at every level',
      { findings: [{ name: 'origin', severity: 'error', message: 'any origin' }] },
      { outcome: 'passed' },
    ],
  ])('%s', (_title, part, judgement) => {
    expect(judge(part)).toEqual(judgement);
  });

  it('fails where the hub does not take the events', () => {
    const reason = 'only 40 of 50 events/s could be published';
    expect(judge({}, 40)).toEqual({ outcome: 'failed', cause: 'rate', reason });
  });
});
