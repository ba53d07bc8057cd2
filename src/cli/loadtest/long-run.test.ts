// A run of a day in simulated time: everything that grows while it goes on is bounded, its reports stay small, and the one bad
// second of it can still be seen.
import { describe, expect, it } from 'vitest';
import { createDeliverySeriesRecorder } from '../../ledger/latency/delivery-series.ts';
import { createLatencyHistogram, type EncodedHistogram } from '../../ledger/latency/latency-histogram.ts';
import { createRunWatch } from '../../load/coordinator/watch/run-watch.ts';
import { createLatencyWatch } from '../../load/outputs/latency-watch.ts';
import { foldTimeline } from '../../load/result/parts/fold-timeline.ts';
import type { LoadtestResult } from '../../load/result/result.ts';
import { foldPageData } from '../../report/loadtest/charts/charts.ts';
import { LOADTEST_FORMS } from '../../report/loadtest/reporters.ts';
import { buildEnvelope } from '../../testing/builders/envelope-builder.ts';
import { buildShownResult } from '../../testing/builders/shown-result-builder.ts';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';

const DAY_SECONDS = 86_400;
const BAD_SECOND = 40_001;
const [USUAL_MICROS, BAD_MICROS] = [2_000, 900_000];
const COHORTS = { fast: 950, lag: 50 } as const;
const EVENTS_PER_SECOND = 20;
const MAX_REPORT_BYTES = 600_000;

/** A second of 1,000 clients, over some hundred buckets. */
function latencyAround(micros: number, deliveries: number): EncodedHistogram {
  const latency = createLatencyHistogram();
  for (let bucket = 0; bucket < 100; bucket++)
    latency.recordMany(micros * (0.5 + bucket / 100), Math.ceil(deliveries / 100));
  return latency.encode();
}

function simulate(cohorts: Readonly<Record<string, number>>, lengthSeconds: number): LoadtestResult {
  const clock = createSimulatedClock({ startMicros: 0 });
  const series = createDeliverySeriesRecorder(new Set(['fast']));
  const latencies = createLatencyWatch();
  let second = 0;
  const watch = createRunWatch({
    clock,
    startedAtMicros: 0,
    socketQueues: undefined,
    resources: async () => ({ rssBytes: 1e8 + second, cpuSeconds: second, descriptors: 1_000 }),
    publishedEvents: () => second * EVENTS_PER_SECOND,
    clients: () => ({
      latencies,
      progress: () =>
        Object.entries(cohorts).map(([name, clients]) => ({
          ...{ name, attempted: clients, connected: clients, open: clients, joined: clients, evicted: 0 },
          ...{ lowestNextSequence: second, deliveries: second * EVENTS_PER_SECOND * clients },
        })),
    }),
    lateness: createLatencyHistogram(),
  });
  const types = (['app.restarted', 'deploy.progress', 'deploy.completed'] as const).map((type) =>
    buildEnvelope(type),
  );
  const due = types.map((envelope) => ({ dueMicros: 0, envelope }));
  const seconds = Object.entries(cohorts).map(([name, clients]) => {
    const deliveries = clients * EVENTS_PER_SECOND;
    const [usual, bad] = [USUAL_MICROS, BAD_MICROS].map((micros) => latencyAround(micros, deliveries));
    return { name, deliveries, usual, bad };
  });
  for (; second < lengthSeconds; second++) {
    for (const { name, deliveries, usual, bad } of seconds)
      series.add(name, [
        { second, deliveries, latency: (second === BAD_SECOND ? bad : usual) as EncodedHistogram },
      ]);
    for (const _ of watch.tally(due.values())) {
      // Counted by type.
    }
    watch.look('steady');
    clock.advance(1_000);
  }
  const input = { startedAtMicros: 0, phases: [{ name: 'steady', fromMicros: 0 }] as const };
  return buildShownResult(
    { seconds: 10, evictions: 60 },
    {
      durationMs: lengthSeconds * 1e3,
      timeline: foldTimeline(input, series.finish(), []),
      samples: watch.samples(),
    },
  );
}

describe('a run of a day', () => {
  const result = simulate(COHORTS, DAY_SECONDS);
  const { timeline, samples = [] } = result;

  it('keeps a bounded number of rows', () => {
    expect(timeline.length * (1 + Object.keys(COHORTS).length)).toBeLessThanOrEqual(3_000);
    expect(timeline.length).toBeGreaterThan(500);
    expect(samples.length).toBeLessThanOrEqual(360);
    expect(samples.length).toBeGreaterThan(150);
  });

  it('loses no delivery and no event in them', () => {
    const clients = COHORTS.fast + COHORTS.lag;
    const deliveries = timeline.reduce((sum, row) => sum + row.deliveries, 0);
    expect(deliveries).toBe(DAY_SECONDS * EVENTS_PER_SECOND * clients);
    expect(timeline.reduce((sum, { seconds = 1 }) => sum + seconds, 0)).toBe(DAY_SECONDS);
    const events = samples.flatMap((sample) => Object.values(sample.events));
    expect(events.reduce((sum, count) => sum + count, 0)).toBe(3 * DAY_SECONDS);
  });

  it('shows its one bad second, in the row and on the chart', () => {
    const bad = timeline.filter(({ p99Micros }) => p99Micros > BAD_MICROS);
    expect(bad).toHaveLength(1);
    const { second = 0, seconds = 1, cohorts } = bad[0] ?? {};
    expect(second <= BAD_SECOND && BAD_SECOND < second + seconds).toBe(true);
    expect(cohorts?.every(({ p99Micros }) => p99Micros > BAD_MICROS)).toBe(true);
    const { charts } = foldPageData([{ name: '', result }]);
    const latency = charts.find(({ id }) => id === 'latency');
    expect(Math.max(...(latency?.series[0]?.values ?? []).map((value) => value ?? 0))).toBeGreaterThan(
      BAD_MICROS,
    );
    const throughput = charts.find(({ id }) => id === 'throughput')?.series[0]?.values ?? [];
    expect(new Set(throughput)).toEqual(new Set([20_000, null]));
  });

  it.each(['json', 'html', 'markdown'] as const)('has a small %s report', (name) => {
    const text = LOADTEST_FORMS[name].render(result);
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_REPORT_BYTES);
    if (name === 'json') expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(result)));
  });
});

describe('a long run of many cohorts', () => {
  const names = ['fast', 'stall', 'trickle', 'flap', 'lag', 'vanish', 'never-pong', 'half-open'];
  const result = simulate(Object.fromEntries(names.map((name) => [name, 125])), DAY_SECONDS / 6);

  it.each(['json', 'html'] as const)('has a small %s report, too', (name) => {
    expect(result.timeline.length).toBeGreaterThan(150);
    expect(Buffer.byteLength(LOADTEST_FORMS[name].render(result))).toBeLessThan(MAX_REPORT_BYTES);
  });
});
