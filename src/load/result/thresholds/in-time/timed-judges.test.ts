// Thresholds in time on simulated seconds: every window of that length holds, or the worst is known and when it was.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliverySecond } from '../../../../ledger/latency/delivery-recorder.ts';
import { createLatencyHistogram } from '../../../../ledger/latency/latency-histogram.ts';
import type { PhaseName } from '../../../plan/phase.ts';
import { parseThreshold, type Threshold } from '../../../plan/thresholds/parse-threshold.ts';
import { judgeInTime } from './judge-in-time.ts';
import { type MeasuredRun, type Source, TimedJudges } from './timed-judges.ts';

const START_SECOND = 100;
const FAST: Source = 'cohort fast';

function read(expr: string): Threshold {
  const threshold = parseThreshold(expr, { cohorts: ['fast', 'lag'], hubs: [undefined] });
  if (!threshold.ok) throw new Error(threshold.problem);
  return threshold.value;
}

function secondOf(second: number, deliveries: number, micros: number): DeliverySecond {
  const latency = createLatencyHistogram();
  latency.recordMany(micros, deliveries);
  return { second, deliveries, latency: latency.encode() };
}

interface Course {
  readonly seconds?: number;
  /** The measured time begins within a second of the clock, and ends within one. */
  readonly measuredAfterMicros?: number;
  readonly endsEarlierMicros?: number;
  readonly phases?: readonly [name: PhaseName, fromSecond: number][];
  /** Deliveries and their latency in a second from the start of the measured time; none: nothing is handed in. */
  readonly at: (second: number) => readonly [deliveries: number, micros: number] | undefined;
}

function judgesOf(expr: string, { seconds = 60, phases = [['steady', 0]] }: Omit<Course, 'at'>) {
  const threshold = read(expr);
  const run: MeasuredRun = {
    fromMicros: START_SECOND * 1e6,
    untilMicros: (START_SECOND + seconds) * 1e6,
    phases: [
      { name: 'warm-up', fromMicros: 0 },
      ...phases.map(([name, second]) => ({ name, fromMicros: (START_SECOND + second) * 1e6 })),
    ],
  };
  return { threshold, judges: new TimedJudges([threshold], () => run) };
}

function judge(expr: string, course: Course, source: Source = FAST) {
  const { threshold, judges } = judgesOf(expr, course);
  const { seconds = 60, at, measuredAfterMicros = 0, endsEarlierMicros = 0 } = course;
  for (let second = 0; second < seconds; second++) {
    const measured = at(second);
    if (measured) judges.add(source, [secondOf(START_SECOND + second, ...measured)]);
    judges.settle(START_SECOND + second - 3);
    expect(judges.waitingSeconds).toBeLessThanOrEqual(5);
  }
  judges.settle(START_SECOND + seconds);
  const outcome = judges.outcomes().get(threshold);
  if (outcome === undefined) throw new Error('no outcome');
  const startedAtMicros = (START_SECOND - 10) * 1e6;
  const measured = {
    fromMicros: START_SECOND * 1e6 + measuredAfterMicros,
    untilMicros: (START_SECOND + seconds) * 1e6 - endsEarlierMicros,
  };
  return judgeInTime(threshold, { outcome, startedAtMicros, measured }, (value) => `${Math.round(value)}`);
}

describe('a threshold in every window', () => {
  it('is breached by one bad stretch that the whole run hides, and says when that was', () => {
    const at = (second: number) => [1_000, second >= 30 && second < 33 ? 90_000 : 5_000] as const;
    const outcome = judge('latency{cohort=fast}[10s].p99<50ms', { at });
    expect(outcome).toMatchObject({ ok: false, isDecided: true, windows: { judged: 51, breached: 12 } });
    expect(outcome.windows?.worst).toEqual({ fromMillis: 31_000, untilMillis: 41_000 });
    expect(outcome.rendered).toMatch(/^9\d{4} in the 10 s from 31 s; 12 of 51 windows$/);
  });

  it('shows the worst window where all hold', () => {
    const at = (second: number) => [1_000, second === 20 ? 9_000 : 5_000] as const;
    expect(judge('latency{cohort=fast}[5s].max<50ms', { at })).toMatchObject({
      ok: true,
      rendered: '9000 at worst, in the 5 s from 26 s',
    });
  });

  it('shows the part of a window that is in the measured time', () => {
    const part = { measuredAfterMicros: 574_000, endsEarlierMicros: 426_000 };
    const worstAt = (worst: number) =>
      judge('latency{cohort=fast}[3s].max<1ms', {
        ...part,
        at: (second) => [100, second === worst ? 9_000 : 500],
      });
    expect(worstAt(0)).toMatchObject({
      rendered: '9000 in the 2.4 s from 10.6 s; 1 of 58 windows',
      windows: { worst: { fromMillis: 10_574, untilMillis: 13_000 } },
    });
    expect(worstAt(59)).toMatchObject({
      rendered: '9000 in the 2.6 s from 1 min 7 s; 1 of 58 windows',
      windows: { worst: { fromMillis: 67_000, untilMillis: 69_574 } },
    });
  });

  it('decides nothing where a window has too few deliveries', () => {
    const few = judge('latency{cohort=fast}[5s].p99<1ms', { at: () => [10, 5_000] });
    expect(few).toMatchObject({ ok: false, isDecided: false, observed: null, windows: { judged: 0 } });
    const some = judge('latency{cohort=fast}[5s].p99<1ms', {
      at: (second) => [second < 30 ? 10 : 100, 500],
    });
    expect(some).toMatchObject({ ok: true, isDecided: true });
    expect(some.windows?.judged).toBeLessThan(56);
  });

  it('counts seconds without any delivery as 0', () => {
    const at = (second: number) => (second >= 20 && second < 30 ? undefined : ([100, 1_000] as const));
    expect(judge('deliveries[10s].rate>50/s', { at })).toMatchObject({
      ok: false,
      observed: 0,
      windows: { worst: { fromMillis: 30_000, untilMillis: 40_000 } },
    });
    expect(judge('published[20s].rate>=50/s', { at }, 'accepted')).toMatchObject({ ok: true, observed: 50 });
  });

  it('judges what was sent late, and only the seconds of its cohort', () => {
    const at = () => [100, 20_000] as const;
    expect(judge('lateness[2s].p99<10ms', { at }, 'sent')).toMatchObject({ ok: false });
    expect(judge('latency{cohort=lag}[2s].p99<10ms', { at })).toMatchObject({ isDecided: false });
  });

  it('finds what a look at every window finds, in parts as well', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 130, maxLength: 150 }),
        fc.constantFrom(1, 7, 60, 120),
        (counts, length) => {
          const at = (second: number) => [counts[second] as number, 1_000] as const;
          const { observed, windows } = judge(`deliveries[${length}s].rate>100/s`, {
            seconds: counts.length,
            at,
          });
          const step = Math.max(1, Math.floor(length / 30));
          const rates = Array.from({ length: counts.length - length + 1 }, (_, from) => from)
            .filter((from) => from % step === 0)
            .map((from) => counts.slice(from, from + length).reduce((a, b) => a + b, 0) / length);
          expect(observed).toBeCloseTo(Math.min(...rates), 9);
          expect(windows?.judged).toBe(rates.length);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('a generator that was held up', () => {
  it('excuses the windows of that time that break their limit, and no others', () => {
    const { threshold, judges } = judgesOf('latency{cohort=fast}[2s].p99<50ms', {});
    for (let second = 0; second < 60; second++) {
      const isSlow = second === 20 || second === 40;
      judges.add(FAST, [secondOf(START_SECOND + second, 1_000, isSlow ? 900_000 : 1_000)]);
    }
    judges.excuse((START_SECOND + 20) * 1e6 + 1, (START_SECOND + 20) * 1e6 + 500_000);
    judges.settle(START_SECOND + 60);
    const outcome = judges.outcomes().get(threshold);
    expect(outcome).toMatchObject({
      judged: 57,
      breached: 2,
      excused: 2,
      worst: { fromSecond: START_SECOND + 39 },
    });
  });
});

describe('a threshold of a phase', () => {
  const phases: Course['phases'] = [
    ['baseline', 0],
    ['slow clients', 20],
    ['drain', 60],
  ];
  const at = (second: number) => [100, second < 20 ? 1_000 : 30_000] as const;

  it('knows only whole seconds of that phase', () => {
    expect(judge('latency{cohort=fast,phase=baseline}.p99<2ms', { phases, at })).toMatchObject({ ok: true });
    expect(judge('latency{phase=slow-clients,cohort=fast}.p99<2ms', { phases, at })).toMatchObject({
      ok: false,
    });
    expect(judge('deliveries{phase=baseline}.rate==100', { phases, at })).toMatchObject({ ok: true });
    expect(judge('latency{cohort=fast,phase=baseline}[5s].max<2ms', { phases, at })).toMatchObject({
      ok: true,
    });
  });

  it('can no longer hold once the phase is over, or its maximum is too high', () => {
    const hopelessAt = (expr: string) => {
      const { judges } = judgesOf(expr, { phases });
      for (let second = 0; second < 60; second++) {
        judges.add(FAST, [secondOf(START_SECOND + second, ...at(second))]);
        judges.settle(START_SECOND + second + 1);
        if (judges.hopeless()) return second;
      }
      return undefined;
    };
    expect(hopelessAt('latency{cohort=fast,phase=baseline}.p99<2ms')).toBeUndefined();
    expect(hopelessAt('latency{cohort=fast,phase=baseline}.p99<1ms')).toBe(20);
    expect(hopelessAt('latency{cohort=fast}.max<2ms')).toBe(20);
    expect(hopelessAt('latency{cohort=fast}[5s].p50<2ms')).toBe(22);
    expect(hopelessAt('latency{cohort=fast}.p99<2ms')).toBeUndefined();
  });
});
