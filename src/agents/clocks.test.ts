// Whole agents and their coordinator over a simulated bus: an exact clock, one 250 ms off, one 50 ppm fast, one that is set in the middle.
// What is decided of their latencies is what one exact clock decides, and every time is within the bound that is claimed for it.
import { describe, expect, it } from 'vitest';
import { createDeliveryRecorder, type DeliverySnapshot } from '../ledger/latency/delivery-recorder.ts';
import { mergeBounds } from '../ledger/latency/latency-bounds.ts';
import { mergeHistograms } from '../ledger/latency/latency-histogram.ts';
import type { StartWorker } from '../load/coordinator/workers/worker-link.ts';
import type { PlanSummary } from '../load/plan/plan-summary.ts';
import { parseThreshold } from '../load/plan/thresholds/parse-threshold.ts';
import { summarizeBounds } from '../load/result/parts/fold-cohort.ts';
import { judgeThreshold } from '../load/result/thresholds/judge-threshold.ts';
import type { Measured } from '../load/result/thresholds/read-metric.ts';
import type { ClockOffset } from '../load/worker/agent/clock-offset.ts';
import type { FromWorker } from '../load/worker/worker-messages.ts';
import { createSimulatedBus } from '../testing/agents/simulated-bus.ts';
import { createSimulatedClock, type SimulatedClock } from '../testing/simulated/simulated-clock.ts';
import { type Skew, skewClock } from '../testing/simulated/skewed-clock.ts';
import type { Clock } from '../time/clock.ts';
import { driftMicros } from '../time/clock-drift.ts';
import { startAgent } from './agent/agent.ts';
import { findAgents } from './coordinator/find-agents.ts';
import { openFleet } from './coordinator/open-fleet.ts';

const [KIT, POOL] = ['1.2.3', 'default'];
const PLAN = { scenarios: [], cohorts: [], workers: 4 } as unknown as PlanSummary;
const RUN_MILLIS = 10_000;
const DELIVERY_MILLIS = 20;
/** Until its next question an agent cannot know that its clock was set. */
const UNKNOWN_MILLIS = 600;

/** Its clients receive what the test hands to `receive`, and it tells the time by what the agent says. */
function createWorker(trueClock: Clock, own: Clock, step: Skew['step']) {
  const recorder = createDeliveryRecorder();
  let offset: ClockOffset | undefined;
  const startWorker: StartWorker = (_, { onMessage }) => ({
    post(message) {
      if (message.kind === 'clock') {
        offset = message;
        recorder.readClock({ ...message, atMicros: message.atMicros + message.offsetMicros });
      }
      if (message.kind === 'finish')
        onMessage({ kind: 'result', result: { snapshot: recorder.snapshot() } } as unknown as FromWorker);
    },
    kill: () => {},
  });
  return {
    startWorker,
    receive(latencyMicros: number) {
      if (offset === undefined) throw new Error('the worker has no time yet');
      const trueMicros = trueClock.nowMicros();
      const seenMicros = own.nowMicros() + offset.offsetMicros;
      const withinMicros = offset.errorMicros + driftMicros(own.nowMicros() - offset.atMicros);
      const sinceStepMillis = step === undefined ? -1 : (trueMicros - step.atMicros) / 1e3;
      // Times of 1e9 microseconds are exact to a ten-thousandth of one.
      if (sinceStepMillis < 0 || sinceStepMillis > UNKNOWN_MILLIS)
        expect(Math.abs(seenMicros - trueMicros)).toBeLessThanOrEqual(withinMicros + 0.01);
      recorder.tick(seenMicros);
      recorder.delivered(trueMicros - latencyMicros, seenMicros);
    },
  };
}

async function openRun(clock: SimulatedClock, skews: readonly Skew[]) {
  const net = createSimulatedBus({ clock });
  const workers = skews.map((skew, at) => {
    const own = skewClock(clock, skew);
    const worker = createWorker(clock, own, skew.step);
    startAgent({
      ...{ bus: net.connect(), clock: own, startWorker: worker.startWorker, say: () => {} },
      self: { ...{ id: `a${at}`, name: `a${at}`, pool: POOL, host: 'h', kit: KIT, cores: 2 } },
    });
    return worker;
  });
  const parts = {
    bus: net.connect(),
    clock,
    kit: KIT,
    plan: PLAN,
    interruption: new AbortController().signal,
  };
  const found = findAgents({ count: skews.length, pool: POOL, kit: KIT }, parts);
  await clock.advanceAsync(2_000);
  const agents = await found;
  if (!agents.ok) throw new Error(agents.problem);
  const opened = openFleet(
    agents.value.map((announcement) => ({ announcement, workers: 1 })),
    parts,
  );
  await clock.advanceAsync(2_000);
  const fleet = await opened;
  if (!fleet.ok) throw new Error(fleet.problem);
  const snapshots: DeliverySnapshot[] = [];
  const onMessage = (message: FromWorker) => {
    if (message.kind === 'result')
      snapshots.push((message.result as unknown as { readonly snapshot: DeliverySnapshot }).snapshot);
  };
  const links = skews.map((_, index) =>
    fleet.value.startWorker(index, { onMessage, onEnd: () => {}, onError: () => {} }),
  );
  return { workers, links, snapshots, fleet: fleet.value };
}

function judge(expr: string, cohort: object, agents: readonly object[]) {
  const threshold = parseThreshold(expr, { cohorts: ['fast'], hubs: [undefined] });
  if (!threshold.ok) throw new Error(threshold.problem);
  const result = { cohorts: [{ name: 'fast', ...cohort }], isolation: {}, generator: {}, agents };
  return judgeThreshold(threshold.value, result as unknown as Measured);
}

describe('agents with clocks that are off', () => {
  it('come to the verdict of one exact clock', async () => {
    const clock = createSimulatedClock();
    const atMicros = clock.nowMicros() + 4_000_000 + (RUN_MILLIS / 2) * 1e3;
    const { workers, links, snapshots, fleet } = await openRun(clock, [
      { offMicros: 0, ppm: 0 },
      { offMicros: 250_000, ppm: 0 },
      { offMicros: 0, ppm: 50 },
      { offMicros: -80_000, ppm: 20, step: { micros: 90_000, atMicros } },
    ]);
    const exact = createDeliveryRecorder();
    for (let at = 0; at < RUN_MILLIS / DELIVERY_MILLIS; at++) {
      await clock.advanceAsync(DELIVERY_MILLIS);
      for (const [index, worker] of workers.entries()) {
        const latencyMicros = 40_000 + ((at * 7 + index) % 20) * 1e3;
        worker.receive(latencyMicros);
        exact.tick(clock.nowMicros());
        exact.delivered(clock.nowMicros() - latencyMicros, clock.nowMicros());
      }
    }
    for (const link of links) link.post({ kind: 'finish', ranges: {} });
    await clock.advanceAsync(2_000);
    expect(snapshots).toHaveLength(4);
    const bounds = mergeBounds(snapshots);
    if (bounds === undefined) throw new Error('no bounds');
    expect(bounds.upper.belowRange).toBe(0);
    const agents = fleet.agents();
    expect(agents.map(({ clockContradictions }) => clockContradictions)).toEqual([0, 0, 0, 1]);
    const truth = mergeHistograms([exact.snapshot().latency]).summary();
    const seen = {
      latencyMicros: mergeHistograms(snapshots.map(({ latency }) => latency)).summary(),
      latencyBoundsMicros: summarizeBounds(bounds),
    };
    for (const factor of [0.5, 2]) {
      const expr = `latency{cohort=fast}.p90<${Math.round(truth.p90 * factor) / 1e3}ms`;
      const { ok, isDecided } = judge(expr, { latencyMicros: truth }, []);
      expect(judge(expr, seen, agents)).toMatchObject({ ok, isDecided });
    }
    fleet.close('over');
  });
});
