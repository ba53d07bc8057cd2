// The HTTP load against the reference hub, in its own process: statuses, rates and latencies of every path.
import { expect, it } from 'vitest';
import { startReferenceTarget } from '../../target/spawn/reference.ts';
import { systemClock } from '../../time/clock.ts';
import { startHttpLoad } from './start-http-load.ts';

const DURATION_MILLIS = 3_000;

it('reports the latency of refused upgrades from each request, and no other status', {
  timeout: 60_000,
}, async () => {
  const started = await startReferenceTarget();
  if (!started.ok) throw new Error(started.problem);
  const { target } = started;
  try {
    const load = { hubUrl: target.url, connections: 2, durationMillis: DURATION_MILLIS, hasBroadcasts: true };
    const { outcomes, problem } = await startHttpLoad(load, systemClock, new AbortController().signal);
    expect(problem).toBeUndefined();
    expect(
      outcomes.map(({ path, errors, unexpectedStatuses }) => [path, errors, unexpectedStatuses]),
    ).toEqual([
      ['/healthz', 0, 0],
      ['/ws', 0, 0],
      ['/broadcast', 0, 0],
    ]);
    for (const { requests, p99Millis } of outcomes) {
      expect(requests).toBeGreaterThan(0);
      // Timed from the first request on each connection, the last upgrades would take half of the duration.
      expect(p99Millis).toBeLessThan(DURATION_MILLIS / 3);
    }
  } finally {
    await target.close();
  }
});
