// Segments in turn, on a simulated clock and simulated hubs: the order, the pairing, the verdict, and what ends it early.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { buildLoadtestResult } from '../../testing/builders/loadtest-result-builder.ts';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { parsed, unparsed } from '../../units/parsed.ts';
import type { LoadtestResult } from '../result/result.ts';
import { comparePairs } from './compare-pairs.ts';
import { runInterleaved, type Side } from './run-interleaved.ts';

const SETTINGS = { confidence: 0.99, relevantShare: 0.05, seed: 1 };
const SIDES = {
  a: { label: 'reference', target: { adapter: 'reference', url: 'ws://a' } },
  b: { label: './b', target: { adapter: 'stdio', url: 'ws://b' } },
};

const AGENT = {
  ...{ name: 'a', host: 'h', workers: 1, clients: 10, received: 10, lost: 0, cpuSeconds: 1 },
  ...{ eventLoopDelayMicros: { p99: 1, max: 1 }, clockErrorMicros: 0 },
};

interface Plan {
  readonly pairs?: number;
  /** How much slower B is. */
  readonly factor?: number;
  readonly change?: (side: Side, segment: number, result: LoadtestResult) => LoadtestResult;
  readonly stopAtSegment?: number;
  readonly segmentsThatCanRun?: number;
}

async function interleave({ pairs = 8, factor = 1, change, stopAtSegment, segmentsThatCanRun }: Plan) {
  const clock = createSimulatedClock();
  const controller = new AbortController();
  const order: Side[] = [];
  let cpuSeconds = 0;
  const work = runInterleaved({
    pairs,
    async runSegment(side) {
      if (order.length === segmentsThatCanRun) return unparsed('found 1 agent');
      order.push(side);
      if (order.length === stopAtSegment) controller.abort();
      // The machine slows down from pair to pair, for both alike.
      const machine = 1 + Math.floor((order.length - 1) / 2);
      const medianMicros = 1_000 * machine * (side === 'b' ? factor : 1);
      const result = buildLoadtestResult({ seed: order.length, seconds: 4, medianMicros });
      return parsed(change?.(side, order.length, result) ?? result);
    },
    readHubCpuSeconds: async () => cpuSeconds++,
    clock,
    interruption: controller.signal,
    onPair() {},
  });
  let isDone = false;
  void work.then(() => (isDone = true));
  while (!isDone) await clock.advanceAsync(1_000);
  const outcome = await work;
  return { outcome, order: order.join(''), result: comparePairs(outcome, SIDES, SETTINGS, '1.0.0') };
}

const metric = (result: ReturnType<typeof comparePairs>, name: string) =>
  result.metrics.find((one) => one.name === name);

describe('interleaved segments', () => {
  it('go A B, B A, A B ... and say same of two equal hubs on a machine that becomes slower and slower', async () => {
    const { order, result } = await interleave({});
    expect(order).toBe('abbaabbaabbaabba');
    expect(result).toMatchObject({ verdict: 'same', pairs: 8, partial: false, notes: [] });
    expect(metric(result, "hub's CPU for a delivery")?.verdict).toBe('same');
  });

  it('say worse of a hub that is slower by a third, with the ratio in the interval, and match their schema', async () => {
    const { result } = await interleave({ factor: 1.33 });
    expect(result.verdict).toBe('worse');
    const p50 = metric(result, 'latency{cohort=fast}.p50');
    expect(p50?.verdict).toBe('worse');
    expect(p50?.estimate?.ratio).toBeGreaterThan(1.2);
    expect(p50?.estimate?.ratio).toBeLessThan(1.5);
    const file = new URL('../schemas/compare.schema.json', import.meta.url);
    const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, strictRequired: false });
    const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
    expect([validate(result), validate.errors]).toEqual([true, null]);
  });

  it('leave out pairs in which the driver was the limit, and say what is missing then', async () => {
    const { result } = await interleave({
      change: (_side, segment, one) =>
        segment === 3 ? { ...one, generator: { ...one.generator, limited: true } } : one,
    });
    expect(metric(result, 'latency{cohort=fast}.p99')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'needs 8 pairs, there were 7 (the load generator was the limit in 1)',
    });
  });

  it('end with the pairs so far when interrupted', async () => {
    const { outcome, result } = await interleave({ stopAtSegment: 5 });
    expect([outcome.pairs.length, outcome.hasTargetFailed]).toEqual([2, false]);
    expect(result).toMatchObject({ partial: true, stoppedBecause: 'interrupted', pairs: 2 });
  });

  it('are inconclusive when neither hub has faults and no time could be judged', async () => {
    const { result } = await interleave({ stopAtSegment: 5 });
    expect(metric(result, 'lost')?.verdict).toBe('same');
    expect(metric(result, 'latency{cohort=fast}.p99')?.verdict).toBe('inconclusive');
    expect(result.verdict).toBe('inconclusive');
  });

  it('end with the pairs so far when an agent is lost, or no more can be had', async () => {
    const message = 'agent a is lost: what its clients received is not counted';
    const lost = await interleave({
      change: (_side, segment, one) =>
        segment === 3 ? { ...one, findings: [{ name: 'agent-lost', severity: 'warning', message }] } : one,
    });
    expect(lost.result).toMatchObject({ partial: true, stoppedBecause: message, pairs: 1 });
    const gone = await interleave({ segmentsThatCanRun: 4 });
    expect(gone.result).toMatchObject({ partial: true, stoppedBecause: 'found 1 agent', pairs: 2 });
  });

  it('leave open what the clocks of agents leave open', async () => {
    const verdictWith = async (clockErrorMicros: number) => {
      const { result } = await interleave({
        factor: 1.33,
        change: (_side, _segment, one) => ({ ...one, agents: [{ ...AGENT, clockErrorMicros }] }),
      });
      return metric(result, 'latency{cohort=fast}.p50');
    };
    expect((await verdictWith(10))?.verdict).toBe('worse');
    const open = await verdictWith(20_000);
    expect(open?.verdict).toBe('inconclusive');
    expect(open?.reason).toBe('clocks of the machines are known to 20 ms, which leaves it open');
  });

  it('end when a hub goes away, and say which', async () => {
    const { outcome, result } = await interleave({
      change: (side, _segment, one) =>
        side === 'b'
          ? { ...one, verdict: 'failed', hasTargetFailed: true, stoppedBecause: 'the hub exited' }
          : one,
    });
    expect(outcome).toMatchObject({ pairs: [], hasTargetFailed: true, stoppedBecause: 'B: the hub exited' });
    expect(result).toMatchObject({ verdict: 'inconclusive', pairs: 0 });
  });
});
