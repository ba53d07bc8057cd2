// Builds load test results for tests of reports: any duration, any number of evictions, and consistent numbers.

import { createRandom } from '../../kit/random.ts';
import { createLatencyHistogram } from '../../ledger/latency/latency-histogram.ts';
import type { FaultResult } from '../../load/result/faults/fault-result.ts';
import type { Eviction, LoadtestResult } from '../../load/result/result.ts';

export interface BuiltRun {
  readonly seconds: number;
  readonly evictions: number;
  /** Cohorts of stalled clients, which share the evictions; with several, each second has an entry for each. */
  readonly stalledCohorts?: number;
  /** Restarts of the hub, evenly over the run. Default 0. */
  readonly faults?: number;
}

export function buildShownResult(
  { seconds, evictions, stalledCohorts = 1, faults = 0 }: BuiltRun = { seconds: 30, evictions: 20 },
  change: Partial<LoadtestResult> = {},
): LoadtestResult {
  const { next: random } = createRandom(7);
  const stalledNames = Array.from({ length: stalledCohorts }, (_, at) => `stalled${at === 0 ? '' : at + 1}`);
  const names = ['fast', ...stalledNames];
  const fast = createLatencyHistogram();
  for (let at = 0; at < 200_000; at++) fast.record(800 + random() ** 6 * 90_000);
  const lateness = createLatencyHistogram();
  for (let at = 0; at < 1_000; at++) lateness.record(random() * 2_000);
  const timelineOf = (second: number): LoadtestResult['timeline'][number] => ({
    second,
    phase: second < seconds / 3 ? 'baseline' : 'slow clients',
    deliveries: 5_000 + Math.round(random() * 900),
    p50Micros: 1_000 + Math.round(random() * 300),
    p99Micros: 9_000 + Math.round(random() * 5_000),
    evicted: 0,
    ...(faults === 0
      ? {}
      : { attempts: attemptsAt(second), failedAttempts: Math.floor(attemptsAt(second) / 3) }),
    ...(stalledCohorts === 1 ? {} : { cohorts: names.map(latencyOf) }),
  });
  const restarts = Array.from({ length: faults }, (_, number) =>
    buildFault(number, Math.round(((number + 1) * seconds * 1e3) / (faults + 1))),
  );
  const attemptsAt = (second: number) =>
    restarts.some(({ atMillis }) => Math.floor(atMillis / 1e3) <= second && second <= atMillis / 1e3 + 3)
      ? 120 + Math.round(random() * 80)
      : 0;
  const latencyOf = (name: string) => ({
    name,
    deliveries: 500,
    p50Micros: 1_000 + Math.round(random() * 300),
    p99Micros: 9_000 + Math.round(random() * 5_000),
  });
  const timeline = Array.from({ length: seconds }, (_, second) => timelineOf(second));
  const health = {
    cpuSeconds: 1.25,
    utilization: 0.2,
    eventLoopDelayMicros: { p99: 1_500, max: 9_000 },
    starvedShare: 0.01,
    rssBytes: 60e6,
  };
  const row = { lost: 0, duplicated: 0, reordered: 0, corrupted: 0, left: 0 };
  return {
    schemaVersion: 2,
    kit: { name: 'norn-loadtest', version: '0.0.0' },
    target: { adapter: 'reference', url: 'ws://127.0.0.1:1/ws' },
    plan: {
      scenarios: ['release-day'],
      speed: 6,
      ratePerSecond: null,
      cohorts: [{ name: 'fast', clients: 200, behaviour: 'fast' }],
      durationMs: seconds * 1e3,
      warmupMillis: 1_000,
      rampPerSecond: 500,
      workers: 1,
      httpLoadConnections: 0,
    },
    seed: 1,
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: seconds * 1e3,
    environment: {
      node: 'v20.0.0',
      platform: 'linux x64',
      cpu: 'a <processor> & more',
      cores: 2,
      memoryBytes: 8e9,
      hasSmallWindow: true,
    },
    verdict: 'passed',
    hasTargetFailed: false,
    partial: false,
    findings: [],
    thresholds: [
      {
        expr: 'latency{cohort=fast}.p99<50ms',
        observed: 40_000,
        rendered: '40 ms',
        ok: true,
        isDecided: true,
      },
      { expr: 'lost==0', observed: 0, rendered: '0', ok: true, isDecided: true },
    ],
    cohorts: [
      {
        ...row,
        name: 'fast',
        behaviour: 'fast',
        clients: 200,
        connected: 200,
        received: 200_000,
        evicted: 0,
        open: 200,
        latencyMicros: fast.summary(),
        histogram: fast.encode(),
      },
      ...stalledNames.map((name, at) => {
        const clients = Math.ceil((evictions - at) / stalledCohorts);
        return {
          ...row,
          name,
          behaviour: 'stall(after=20)',
          clients,
          connected: clients,
          received: clients * 20,
          evicted: clients,
          open: 0,
          latencyMicros: lateness.summary(),
          histogram: lateness.encode(),
        };
      }),
    ],
    ledger: {
      published: 1_000,
      expected: 200_000,
      received: 200_000,
      evictedTail: 0,
      leftTail: 0,
      lost: 0,
      foreign: 0,
      balanced: true,
      imbalances: [],
    },
    throughput: { publishedPerSecond: 33.3, deliveriesPerSecond: 5_432 },
    lateness: lateness.summary(),
    isolation: { baselineP99Micros: 9_000, loadedP99Micros: 11_000, ratio: 11 / 9 },
    generator: {
      workers: [health],
      coordinator: health,
      cpuSeconds: 2.5,
      eventLoopDelayMicros: health.eventLoopDelayMicros,
      limited: false,
      reasons: [],
    },
    hub: { rssBytes: 88e6, cpuSeconds: 3.2, descriptors: 222 },
    origin: [{ origin: 'https://<evil>', expected: 'refused', status: 403, ok: true }],
    http: [],
    evictions: Array.from({ length: evictions }, (_, client) =>
      evictionOf(stalledNames[client % stalledCohorts] ?? '', client, random() * seconds * 1e3),
    ),
    ...(faults === 0 ? {} : { faults: restarts }),
    timeline,
    phases: [
      { name: 'baseline', fromMillis: 0 },
      { name: 'slow clients', fromMillis: (seconds / 3) * 1e3 },
    ],
    measuredFromMillis: 0,
    samples: timeline.map(({ second, phase }) => ({
      atMillis: second * 1e3,
      phase,
      publishedEvents: second * 33,
      events: second % 10 === 5 ? { 'app.restarted': 1 } : {},
      clients: [
        {
          cohort: 'fast',
          attempted: 200,
          open: 200,
          joined: 200,
          evicted: 0,
          left: 0,
          deliveries: second * 6_600,
        },
      ],
      hub: { rssBytes: 80e6 + second * 1e4, cpuSeconds: second * 0.1 },
    })),
    command: "norn-loadtest --cohort 'stalled=20:stall(after=20)'",
    ...change,
  };
}

function evictionOf(cohort: string, client: number, atMillis: number): Eviction {
  const at = Math.round(atMillis);
  return {
    cohort,
    client,
    stalledAtMillis: at,
    stalledAfterMessages: 20,
    messages: 100,
    bytes: 18_000,
    endedAtMillis: at + 3_000,
    how: 'FIN',
    window: 'small',
    anatomy: {
      kernelMessages: 80,
      kernelBytes: 14_000,
      clientKernelBytes: 9_000,
      hubKernelBytes: 5_000,
      queuedMessages: 65,
      queuedBytes: 11_000,
      tippedByEvent: 166,
      stallToQueueMillis: 1_200,
      queueToOverflowMillis: 800,
      overflowAtMillis: at + 2_000,
      overflowToClosedMillis: 1_000,
      closedAtMillis: at + 3_000,
    },
  };
}

export function buildFault(number: number, atMillis: number, change: Partial<FaultResult> = {}): FaultResult {
  return {
    number,
    kind: 'restart',
    fault: 'restart',
    atMillis,
    endedAtMillis: atMillis + 1_234,
    dropped: 200,
    droppedKept: 190,
    returned: 187,
    mustReturn: 190,
    recovered: 177,
    refusedMillis: 1_317,
    reconnectMillis: { p50: 1_411, p99: 3_522, max: 4_633 },
    firstEventMillis: { p50: 1_744, p99: 3_855, max: 4_966 },
    attempts: { total: 613, failed: 426, peakPerSecond: 211 },
    missed: { total: 4_321, p50: 21, p99: 43, max: 57 },
    lateJoin: { total: 77, max: 3 },
    p99Micros: { before: 8_111, during: 1_222_333, after: 8_444 },
    settledMillis: 5_678,
    ...change,
  };
}
