// Builds load test results as a run writes them: a hub whose throughput drifts and whose latencies spread, from a seeded
// generator.

import { createRandom, type Random } from '../../kit/random.ts';
import { createLatencyHistogram } from '../../ledger/latency/latency-histogram.ts';
import { LOADTEST_SCHEMA_VERSION, type LoadtestResult } from '../../load/result/result.ts';

export interface SimulatedRun {
  readonly seed: number;
  /** Median latency; default 1,000. */
  readonly medianMicros?: number;
  /** Default 30. */
  readonly seconds?: number;
  /** Default 100. */
  readonly eventsPerSecond?: number;
  /** How far seconds drift from each other, as a logarithm; default 0.1. */
  readonly drift?: number;
  /** The driver's own late sends; default 100. */
  readonly ownDelayMicros?: number;
  readonly hubCpuSeconds?: number;
  readonly lost?: number;
  readonly isLimited?: boolean;
}

const CLIENTS = 10;

export function buildLoadtestResult(run: SimulatedRun): LoadtestResult {
  const random = createRandom(run.seed, 'simulated run');
  const { medianMicros = 1_000, seconds = 30, eventsPerSecond = 100, ownDelayMicros = 100 } = run;
  const all = createLatencyHistogram();
  let drift = 0;
  const timeline = Array.from({ length: seconds }, (_, second) => {
    drift = 0.5 * drift + (run.drift ?? 0.1) * normal(random);
    const own = createLatencyHistogram();
    for (let event = 0; event < eventsPerSecond; event++)
      own.recordMany(medianMicros * Math.exp(drift + 0.4 * normal(random)), CLIENTS);
    all.merge(own);
    const [p50Micros, p99Micros] = [own.percentile(0.5), own.percentile(0.99)];
    const deliveries = Math.round(eventsPerSecond * CLIENTS * (1 + 0.02 * normal(random)));
    return { second, phase: 'steady' as const, deliveries, p50Micros, p99Micros, evicted: 0 };
  });
  const late = createLatencyHistogram();
  late.recordMany(ownDelayMicros, seconds * eventsPerSecond);
  const received = seconds * eventsPerSecond * CLIENTS;
  const health = {
    cpuSeconds: 1,
    utilization: 0.2,
    eventLoopDelayMicros: { p99: ownDelayMicros, max: ownDelayMicros },
    rssBytes: 1e6,
    starvedShare: 0,
  };
  const reasons = run.isLimited ? ['worker 1 was busy 99 % of the time'] : [];
  return {
    schemaVersion: LOADTEST_SCHEMA_VERSION,
    kit: { name: 'norn-loadtest', version: '1.0.0' },
    target: { adapter: 'http', url: 'ws://127.0.0.1:1/ws' },
    plan: {
      scenarios: ['release-day'],
      speed: 1,
      ratePerSecond: eventsPerSecond,
      cohorts: [{ name: 'fast', clients: CLIENTS, behaviour: 'fast' }],
      durationMs: seconds * 1e3,
      warmupMillis: 0,
      rampPerSecond: 1_000,
      workers: 1,
      httpLoadConnections: 0,
    },
    seed: 1,
    startedAt: '2024-01-01T00:00:00.000Z',
    durationMs: seconds * 1e3,
    environment: {
      node: 'v20.0.0',
      platform: 'linux x64',
      cpu: 'x',
      cores: 2,
      memoryBytes: 1e9,
      hasSmallWindow: true,
    },
    verdict: 'passed',
    hasTargetFailed: false,
    partial: false,
    findings: [],
    thresholds: [],
    cohorts: [
      {
        name: 'fast',
        behaviour: 'fast',
        clients: CLIENTS,
        connected: CLIENTS,
        received,
        lost: run.lost ?? 0,
        duplicated: 0,
        reordered: 0,
        corrupted: 0,
        evicted: 0,
        left: 0,
        open: CLIENTS,
        latencyMicros: all.summary(),
        histogram: all.encode(),
      },
    ],
    ledger: {
      published: seconds * eventsPerSecond,
      expected: received,
      received,
      evictedTail: 0,
      leftTail: 0,
      lost: run.lost ?? 0,
      foreign: 0,
      balanced: true,
      imbalances: [],
    },
    throughput: { publishedPerSecond: eventsPerSecond, deliveriesPerSecond: eventsPerSecond * CLIENTS },
    lateness: late.summary(),
    isolation: { baselineP99Micros: null, loadedP99Micros: null, ratio: null },
    generator: {
      workers: [health],
      coordinator: health,
      cpuSeconds: 2,
      eventLoopDelayMicros: health.eventLoopDelayMicros,
      limited: reasons.length > 0,
      reasons,
    },
    hub: { rssBytes: 1e6, cpuSeconds: run.hubCpuSeconds ?? 1, descriptors: 20 },
    origin: [],
    http: [],
    evictions: [],
    timeline,
  };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
