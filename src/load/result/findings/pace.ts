// Whether the run tested the load that its plan names. Where it did not, the verdict is inconclusive, with one sentence on
// who was the limit: the generator, the hub's broadcast route, or refusals.
import type { LatencySummary } from '../../../ledger/latency/latency-histogram.ts';
import { renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import type { PaceCounts } from '../../coordinator/publishing/pace-counts.ts';
import type { PaceResult } from '../parts/pace.ts';
import type { Finding, ProcessHealth } from '../result.ts';

/** Less than this share of the events, and the rate was not reached. */
const LEAST_SHARE = 0.97;
/** So few events may be missing all the same: those that came due with the last request. */
const ALLOWED_EVENTS = 2;
/** The p99 of lateness may be this long, or this share of the measured time. */
const MAX_LATE_MICROS = 1_000_000;
const MAX_LATE_SHARE = 0.05;
/** A publisher that waited for answers longer than it worked, and whose process was not busy, was held up by the route. */
const MAX_BUSY_SHARE = 0.8;

export function judgePace(
  counts: PaceCounts,
  lateness: Pick<LatencySummary, 'p99'>,
  coordinator: Pick<ProcessHealth, 'utilization'>,
): PaceResult {
  const { askedEvents, sentEvents, refusedEvents, excusedEvents, measuredMicros } = counts;
  const seconds = Math.max(1e-3, measuredMicros / 1e6);
  const rates = {
    askedPerSecond: round1(askedEvents / seconds),
    sentPerSecond: round1(sentEvents / seconds),
  };
  const late = { lateMicros: lateness.p99 };
  const result = (limitedBy: PaceResult['limitedBy'], reason: string | null) => ({
    ...rates,
    ...late,
    limitedBy,
    reason,
  });
  const isLate = counts.lateMicros > Math.max(MAX_LATE_MICROS, measuredMicros * MAX_LATE_SHARE);
  const missed =
    sentEvents === 0
      ? `none of ${renderCount(rates.askedPerSecond)} events/s was sent in the measured time, as earlier events came first`
      : `${renderCount(rates.sentPerSecond)} of ${renderCount(rates.askedPerSecond)} events/s were sent, the p99 of lateness is ${renderMicros(lateness.p99)}`;
  if (isTooMany(askedEvents - sentEvents - excusedEvents, askedEvents) || isLate) {
    const workedMicros = measuredMicros - counts.waitedMicros - counts.idleMicros;
    const isRoute = counts.waitedMicros >= workedMicros && coordinator.utilization < MAX_BUSY_SHARE;
    return isRoute
      ? result('route', `the load was not reached: ${describeRoute(counts)}; ${missed}`)
      : result('generator', `the publisher did not reach the load: ${missed}`);
  }
  if (isTooMany(refusedEvents, askedEvents))
    return result(
      'refusals',
      `the load was not reached: the hub refused ${renderCount(refusedEvents)} of ${renderCount(askedEvents)} events`,
    );
  return result(null, null);
}

function isTooMany(missing: number, asked: number): boolean {
  return missing > ALLOWED_EVENTS && missing > asked * (1 - LEAST_SHARE);
}

function describeRoute(counts: PaceCounts): string {
  const { askedEvents, requests, sentEvents, waitedMicros, longestMicros, measuredMicros } = counts;
  const perSecond = (sentEvents * 1e6) / Math.max(1, waitedMicros);
  if (perSecond > (askedEvents * 1e6) / measuredMicros)
    return `the broadcast route took ${renderMicros(longestMicros)} for one request`;
  const [request, event] = [requests, sentEvents].map((count) =>
    renderMicros(waitedMicros / Math.max(1, count)),
  );
  return `the broadcast route takes ${request} a request (${event} an event), so ${renderCount(round1(perSecond))} events/s are what it takes`;
}

/** Events that came due while the route was slow are sent together, and such a burst may evict a client that reads. */
export function excuseBursts(findings: readonly Finding[]): Finding[] {
  const isRouteNamed = findings.some(({ name }) => name === 'publish');
  return findings.map((finding) =>
    finding.name === 'fast-evicted'
      ? {
          ...finding,
          severity: 'warning',
          ...(isRouteNamed && { followsFrom: 'publish' }),
          message: `${finding.message} (not held against the hub: events that came due while the broadcast route was slow were sent together)`,
        }
      : finding,
  );
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
