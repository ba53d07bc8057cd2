// Three machines in simulated time, one with an exact clock, one 250 ms off and 50 ppm fast, one whose clock is set in the middle:
// what is decided of their latencies is what one exact clock decides, and the true offset lies in every interval.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeliveryRecorder } from '../../ledger/latency/delivery-recorder.ts';
import { mergeBounds } from '../../ledger/latency/latency-bounds.ts';
import { mergeHistograms } from '../../ledger/latency/latency-histogram.ts';
import { parseThreshold } from '../../load/plan/thresholds/parse-threshold.ts';
import { summarizeBounds } from '../../load/result/parts/fold-cohort.ts';
import { judgeThreshold } from '../../load/result/thresholds/judge-threshold.ts';
import type { Measured } from '../../load/result/thresholds/read-metric.ts';
import type { ClockOffset } from '../../load/worker/agent/clock-offset.ts';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { type Skew, skewClock } from '../../testing/simulated/skewed-clock.ts';
import type { Clock } from '../../time/clock.ts';
import { driftMicros } from '../../time/clock-drift.ts';
import { pause } from '../../time/deadline.ts';
import { startClockKeeper } from './clock-keeper.ts';

const RUN_MILLIS = 10_000;
const DELIVERY_MILLIS = 20;

/** An agent with one client. `ways`: how long a question and its answer take, in milliseconds, in turn. */
function startMachine(clock: Clock, other: Skew, ways: readonly (readonly [number, number])[]) {
  const own = skewClock(clock, other);
  const recorder = createDeliveryRecorder();
  let latest: ClockOffset | undefined;
  let isStale = false;
  let question = 0;
  const keeper = startClockKeeper({
    clock: own,
    async ask() {
      const [there, back] = ways[question++ % ways.length] ?? [1, 1];
      await pause(clock, there);
      const receivedMicros = clock.nowMicros();
      await pause(clock, back);
      return { receivedMicros, answeredMicros: receivedMicros };
    },
    onOffset(offset) {
      latest = offset;
      if (offset.isContradicted) isStale = false;
      recorder.readClock({ ...offset, atMicros: offset.atMicros + offset.offsetMicros });
    },
  });
  return {
    recorder,
    keeper,
    /** Its client receives an event that was due so long ago. */
    receive(latencyMicros: number) {
      if (latest === undefined) return;
      const nowMicros = clock.nowMicros();
      const { step } = other;
      if (
        step !== undefined &&
        nowMicros - step.atMicros >= 0 &&
        nowMicros - step.atMicros < DELIVERY_MILLIS * 1e3
      )
        isStale = true;
      const seenMicros = own.nowMicros() + latest.offsetMicros;
      const withinMicros = latest.errorMicros + driftMicros(own.nowMicros() - latest.atMicros);
      // Times of 1e9 microseconds are exact to a ten-thousandth of one.
      if (!isStale) expect(Math.abs(seenMicros - nowMicros)).toBeLessThanOrEqual(withinMicros + 0.01);
      recorder.tick(seenMicros);
      recorder.delivered(nowMicros - latencyMicros, seenMicros);
    },
  };
}

function judge(expr: string, cohort: object, agents: readonly object[]) {
  const threshold = parseThreshold(expr, { cohorts: ['fast'], hubs: [undefined] });
  if (!threshold.ok) throw new Error(threshold.problem);
  const result = { cohorts: [{ name: 'fast', ...cohort }], isolation: {}, generator: {}, agents };
  return judgeThreshold(threshold.value, result as unknown as Measured);
}

const way = fc.integer({ min: 0, max: 4 });
const latency = fc.integer({ min: 40_000, max: 60_000 });

describe('latencies of three machines', () => {
  it('are decided as one exact clock decides them, or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(way, way), { minLength: 3, maxLength: 20 }),
        fc.array(latency, { minLength: 3, maxLength: 50 }),
        fc.constantFrom(-400_000, 90_000, 250_000),
        fc.integer({ min: 3_000, max: 7_000 }),
        fc.double({ min: 0.9, max: 1.1, noNaN: true }),
        async (ways, latencies, stepMicros, stepMillis, nearby) => {
          const clock = createSimulatedClock();
          const exact = createDeliveryRecorder();
          const step = { micros: stepMicros, atMicros: clock.nowMicros() + stepMillis * 1e3 };
          const machines = [
            { offMicros: 0, ppm: 0 },
            { offMicros: 250_000, ppm: 50 },
            { offMicros: -80_000, ppm: 20, step },
          ].map((other) => startMachine(clock, other, ways));
          for (let at = 0; at < RUN_MILLIS / DELIVERY_MILLIS; at++) {
            await clock.advanceAsync(DELIVERY_MILLIS);
            for (const [index, machine] of machines.entries()) {
              const micros = latencies[(at * machines.length + index) % latencies.length] as number;
              machine.receive(micros);
              exact.tick(clock.nowMicros());
              exact.delivered(clock.nowMicros() - micros, clock.nowMicros());
            }
          }
          for (const { keeper } of machines) keeper.close();
          const parts = machines.map(({ recorder }) => recorder.snapshot());
          const bounds = mergeBounds(parts);
          if (bounds === undefined) throw new Error('no bounds');
          expect(bounds.upper.belowRange).toBe(0);
          expect(bounds.unknown).toBeGreaterThan(0);
          const agents = machines.map(({ keeper }) => {
            const { errorMicros = 0, contradictions = 0 } = keeper.report() ?? {};
            return { clockErrorMicros: errorMicros, clockContradictions: contradictions };
          });
          const truth = mergeHistograms([exact.snapshot().latency]).summary();
          const seen = {
            latencyMicros: mergeHistograms(parts.map((part) => part.latency)).summary(),
            latencyBoundsMicros: summarizeBounds(bounds),
          };
          for (const [factor, isDecided] of [
            [0.5, true],
            [2, true],
            [nearby, undefined],
          ] as const) {
            const expr = `latency{cohort=fast}.p90<${Math.round(truth.p90 * factor) / 1e3}ms`;
            const wanted = judge(expr, { latencyMicros: truth }, []);
            const got = judge(expr, seen, agents);
            if (isDecided === true) expect(got.isDecided).toBe(true);
            if (got.isDecided) expect(got.ok).toBe(wanted.ok);
          }
        },
      ),
      { numRuns: 10 },
    );
  });
});
