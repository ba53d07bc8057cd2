// Builds the state of a running load test for tests of the live view: eight cohorts, slow clients and evictions.
import type { ProgressView } from '../../load/coordinator/run-options.ts';
import type { PhaseName } from '../../load/plan/phase.ts';
import type { LivePlan } from '../../report/live/live-run.ts';

export const SHOWN_PLAN: LivePlan = {
  title: 'norn-loadtest: ws://127.0.0.1:43121/ws (reference)',
  phases: [
    { name: 'connect', millis: null },
    { name: 'warm-up', millis: 3_000 },
    { name: 'baseline', millis: 10_500 },
    { name: 'slow clients', millis: 19_500 },
    { name: 'pressure', millis: null },
    { name: 'drain', millis: null },
  ],
  cohorts: [
    { name: 'fast', clients: 2_000 },
    { name: 'stall', clients: 60 },
    { name: 'trickle', clients: 15 },
    { name: 'flap', clients: 10 },
    { name: 'lag', clients: 10 },
    { name: 'vanish', clients: 10 },
    { name: 'never-pong', clients: 5 },
    { name: 'half-open', clients: 5 },
  ],
};

/** The phase of the plan at a moment of the run: 2 s of connecting, 5 s of stress. */
function phaseAt(millis: number): PhaseName {
  if (millis < 2_000) return 'connect';
  if (millis < 5_000) return 'warm-up';
  if (millis < 15_500) return 'baseline';
  if (millis < 35_000) return 'slow clients';
  return millis < 40_000 ? 'pressure' : 'drain';
}

/** The view at a moment of the run. */
export function buildLiveView(millis: number): ProgressView {
  const phase = phaseAt(millis);
  const measuredSeconds = Math.max(0, millis / 1e3 - 5);
  // Grows faster and slower, and never shrinks.
  const seconds = Math.max(0, millis / 1e3 - 2);
  const publishingSeconds = seconds + (1 - Math.cos(seconds / 2.5)) * 0.8;
  const wave = 1 + Math.sin(millis / 2_500) / 3;
  const cohorts = SHOWN_PLAN.cohorts
    .filter(({ name }) => name === 'fast' || millis >= 15_500)
    .map(({ name, clients }) => {
      const isFast = name === 'fast';
      const evicted = isFast ? 0 : Math.min(clients, Math.max(0, Math.floor((millis - 20_000) / 400)));
      const attempted = isFast ? Math.min(clients, Math.floor(millis)) : clients;
      return {
        name,
        attempted,
        connected: attempted,
        open: attempted - evicted,
        joined: attempted - evicted,
        lowestNextSequence: 0,
        deliveries: Math.floor((isFast ? 80 : 1) * clients * publishingSeconds),
        evicted,
        latency:
          isFast && measuredSeconds > 1
            ? {
                count: 1_000 * measuredSeconds,
                p50Micros: 1_240,
                p99Micros: 8_310,
                buckets: { counts: [], sumMicros: 0 },
                lastSecond: { p50Micros: 1_200 * wave, p99Micros: 8_000 * wave },
              }
            : null,
      };
    });
  return {
    phase,
    elapsedMillis: millis,
    publishedEvents: Math.floor(80 * Math.max(0, millis / 1e3 - 2)),
    latenessMicros: measuredSeconds > 1 ? { p99: 420, max: 3_100 } : null,
    hub: null,
    cohorts,
  };
}
