// Thresholds of clients on other machines: what the clocks leave open is not decided, everything else is.
import { describe, expect, it } from 'vitest';
import { parseThreshold } from '../../plan/thresholds/parse-threshold.ts';
import type { AgentResult } from '../agents/fold-agents.ts';
import type { CohortResult, LoadtestResult } from '../result.ts';
import { judgeThreshold } from './judge-threshold.ts';

const LATENCY = { count: 10, p50: 1_000, p90: 2_000, p99: 49_000, p999: 60_000, max: 70_000, mean: 1_500 };

function judge(expr: string, ...agents: Partial<AgentResult>[]) {
  return judgeWith({}, expr, ...agents);
}

function judgeWith(cohort: Partial<CohortResult>, expr: string, ...agents: Partial<AgentResult>[]) {
  const result = {
    cohorts: [{ name: 'fast', clients: 5, lost: 0, received: 40, latencyMicros: LATENCY, ...cohort }],
    isolation: { baselineP99Micros: 10_000, loadedP99Micros: 12_000, ratio: 1.2 },
    lateness: LATENCY,
    generator: { limited: false },
    evictions: [{ cohort: 'fast', released: { leastMillis: 49, mostMillis: 49 } }],
    agents,
  } as unknown as LoadtestResult;
  const threshold = parseThreshold(expr, { cohorts: ['fast'], hubs: [undefined] });
  if (!threshold.ok) throw new Error(threshold.problem);
  const { ok, isDecided, isWithinClockError, rendered } = judgeThreshold(threshold.value, result);
  return { ok, isDecided, isWithinClockError, rendered };
}

const HOLDS = { ok: true, isDecided: true, isWithinClockError: undefined };
const FAILS = { ok: false, isDecided: true, isWithinClockError: undefined };
const OPEN = { ok: false, isDecided: false, isWithinClockError: true };
const near = { clockErrorMicros: 500 };
const far = { clockErrorMicros: 3_000 };

describe('a threshold over several machines', () => {
  it.each([
    ['latency{cohort=fast}.p99<50ms', [near], HOLDS],
    ['latency{cohort=fast}.p99<48ms', [near], FAILS],
    ['latency{cohort=fast}.p99<49.2ms', [near], OPEN],
    ['latency{cohort=fast}.p99<48.8ms', [near], OPEN],
    ['latency{cohort=fast}.p99<50ms', [near, far], OPEN],
    ['latency{cohort=fast}.p99<53ms', [near, far], HOLDS],
    ['isolation<1.5', [near], HOLDS],
    ['isolation<1.5', [far], OPEN],
    ['isolation<0.5', [far], FAILS],
    // From the coordinator's clock to the client's.
    ['released.p99<50ms', [near], HOLDS],
    ['released.p99<50ms', [far], OPEN],
    ['released.p99<10ms', [{ ...near, clockContradictions: 1 }], OPEN],
    // An agent's clock says when an event was due, and another one's when it arrived.
    ['latency{cohort=fast}.p99<49.8ms', [{ ...near, publishedEvents: 1 }], OPEN],
    ['latency{cohort=fast}.p99<50.1ms', [{ ...near, publishedEvents: 1 }], HOLDS],
    ['isolation<1.4', [near], HOLDS],
    ['isolation<1.4', [{ ...near, publishedEvents: 1 }], OPEN],
    // Both of its times are the coordinator's.
    ['lateness.p99<49.2ms', [far], HOLDS],
    ['lost==0', [far], HOLDS],
    ['latency{cohort=fast}.p99<1h', [{ ...near, clockContradictions: 1 }], OPEN],
    ['lost==0', [{ ...near, clockContradictions: 1 }], HOLDS],
    ['latency{cohort=fast}.p99<49.2ms', [], HOLDS],
  ] as const)('%s with %j', (expr, agents, outcome) => {
    expect(judge(expr, ...agents)).toMatchObject(outcome);
  });

  it.each([
    ['latency{cohort=fast}.p99<49.5ms', [far], HOLDS],
    ['latency{cohort=fast}.p99<49ms', [far], OPEN],
    ['latency{cohort=fast}.p99<48.5ms', [far], FAILS],
    // Those around a clock that was set are in both of them.
    ['latency{cohort=fast}.p99<49.5ms', [{ ...far, clockContradictions: 1 }], HOLDS],
    ['latency{cohort=fast}.p99<1h', [far, { ...near, impossibleLatencies: 1 }], OPEN],
    ['latency{cohort=fast}.p99<1h', [far, { ...near, clockContradictions: 1, publishedEvents: 9 }], OPEN],
    ['latency{cohort=fast}.p99<49.5ms', [{ ...far, publishedEvents: 9 }], HOLDS],
    // A window is not the whole.
    ['latency{cohort=fast}[10s].p99<1h', [{ ...far, clockContradictions: 1 }], { isDecided: false }],
  ] as const)(
    '%s is judged by the bounds of the latencies of all agents, with %j',
    (expr, agents, outcome) => {
      const bounds = {
        lower: { ...LATENCY, p99: 48_800 },
        upper: { ...LATENCY, p99: 49_200 },
      };
      expect(judgeWith({ latencyBoundsMicros: bounds }, expr, ...agents)).toMatchObject(outcome);
    },
  );

  it('is judged by the deliveries that one clock measured where the bounds leave it open', () => {
    const latencyBoundsMicros = {
      lower: { ...LATENCY, p99: 48_800 },
      upper: { ...LATENCY, p99: 49_200 },
      own: { ...LATENCY, count: 100, p99: 49_100 },
    };
    expect(judgeWith({ latencyBoundsMicros }, 'latency{cohort=fast}.p99<49.15ms', far)).toEqual({
      ...HOLDS,
      rendered: '49 ms (of deliveries that one clock measured)',
    });
    expect(judgeWith({ latencyBoundsMicros }, 'latency{cohort=fast}.p99<49.05ms', far)).toMatchObject(FAILS);
    const wrong = { ...far, clockContradictions: 1, publishedEvents: 9 };
    expect(judgeWith({ latencyBoundsMicros }, 'latency{cohort=fast}.p99<49.15ms', wrong)).toMatchObject(OPEN);
    const few = { ...latencyBoundsMicros, own: { ...LATENCY, count: 99, p99: 49_100 } };
    expect(judgeWith({ latencyBoundsMicros: few }, 'latency{cohort=fast}.p99<49.15ms', far)).toMatchObject(
      OPEN,
    );
  });

  it('says how well the clocks are known', () => {
    expect(judge('latency{cohort=fast}.p99<50ms', far).rendered).toBe(
      '49 ms (not decided: clocks of the machines are known to 3 ms)',
    );
  });
});
