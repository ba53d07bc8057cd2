// What a hub's broadcast route did wrong: it made producers wait behind slow clients, was slow by itself, did not answer, or
// refused events. A slow client is blamed only when it is shown to be the cause.
import { renderDurationMillis } from '../../../units/duration.ts';
import type { RefusalStreak } from '../../coordinator/publishing/refusal-streak.ts';
import type { LedgerResult } from '../parts/ledger.ts';
import type { PublishingResult, PublishWait } from '../parts/publishing.ts';
import type { Finding } from '../result.ts';
import { type Closing, cohortEndedWith } from './closing.ts';

/** A longer wait for an answer is worth a finding. */
const MAX_WAIT_MICROS = 2_000_000;
/** A wait that slow clients cause is so many times as long as any wait without them. */
const LEAST_FACTOR = 4;
/** So few messages of others are not worth a finding. */
const LEAST_FOREIGN = 100;

/**
 * `reported` is what the phases of the run have found: the longest wait is not judged twice. `refusedDeliveries`: of events
 * that the hub had refused.
 */
export function judgePublishing(
  publishing: PublishingResult,
  closings: readonly Closing[],
  reported: readonly Finding[],
  refusedDeliveries = 0,
): Finding[] {
  const isJudged = reported.some(({ name }) => name === 'blocked' || name === 'publish');
  return [
    ...(isJudged ? [] : judgeWait(publishing, closings)),
    ...judgeRefusals(publishing, refusedDeliveries),
  ];
}

function judgeWait({ longest, longestAlone }: PublishingResult, closings: readonly Closing[]): Finding[] {
  if (longest === null || longest.latencyMicros <= MAX_WAIT_MICROS) return [];
  const { atMillis, latencyMicros } = longest;
  const cohort =
    atMillis === undefined ? undefined : cohortEndedWith(atMillis, atMillis + latencyMicros / 1e3, closings);
  const isLongerThanAlone =
    longestAlone != null && longest.latencyMicros >= LEAST_FACTOR * longestAlone.latencyMicros;
  return cohort !== undefined && longest.slowClients > 0 && isLongerThanAlone
    ? [describeBlockedProducer(longest, cohort, 'until the hub disconnected them')]
    : [describeSlowRoute(longest, longestAlone ?? null)];
}

function judgeRefusals({ refusals }: PublishingResult, deliveries: number): Finding[] {
  const refused = refusals.reduce((sum, { events }) => sum + events, 0);
  if (refused === 0) return [];
  const reasons = refusals.map(
    ({ status, events, reason }) => `${events} x ${status ?? 'refused'} (${reason})`,
  );
  const delivered =
    deliveries === 0
      ? ''
      : `; it delivered some of them all the same (${deliveries} deliveries), so that a producer that tries again sends them twice`;
  return [
    {
      name: 'publish',
      severity: 'warning',
      message: `the hub refused ${refused} ${refused === 1 ? 'event' : 'events'}, which no client is owed: ${reasons.join('; ')}${delivered}`,
    },
  ];
}

/** `untilWhat` is what ended the wait, and so shows the cause. */
export function describeBlockedProducer(wait: PublishWait, cohort: string, untilWhat: string): Finding {
  return {
    name: 'blocked',
    severity: 'error',
    cohort,
    message: `the broadcast of event ${wait.sequence}${sentAt(wait)} waited ${seconds(wait)} while clients of ${cohort} did not read, ${untilWhat}: a slow client blocks the producer, and with it everybody`,
  };
}

function describeSlowRoute(wait: PublishWait, alone: PublishWait | null): Finding {
  return {
    name: 'publish',
    severity: 'warning',
    message: `the broadcast route is slow: the hub answered the broadcast of event ${wait.sequence}${sentAt(wait)} after ${seconds(wait)}${compared(wait, alone)}`,
  };
}

/** Nobody is shown to be the cause but the route. */
export function describeUnanswered(wait: PublishWait, alone: PublishWait | null): Finding {
  return {
    name: 'publish',
    severity: 'error',
    message: `the broadcast of event ${wait.sequence}${sentAt(wait)} was not answered within ${seconds(wait)}: the broadcast route is slow or stopped${compared(wait, alone)}`,
  };
}

function compared({ slowClients }: PublishWait, alone: PublishWait | null): string {
  if (slowClients === 0) return '; no slow client was connected';
  const before = alone === null ? '' : `; without slow clients it answered within ${seconds(alone)}`;
  return `${before}; the ${slowClients} slow clients are not shown to be the cause`;
}

const seconds = ({ latencyMicros }: PublishWait): string => renderDurationMillis(latencyMicros / 1e3);

function sentAt({ atMillis }: PublishWait): string {
  return atMillis === undefined || !(atMillis >= 0) ? '' : ` at ${renderDurationMillis(atMillis)}`;
}

/** Nothing can be tested with it. */
export function describeSetupProblem(refusal: string): string {
  return `the broadcast route refuses every event: ${refusal}`;
}

/** The route worked, and then refused every event until the end of the run. */
export function describeLastingRefusal({ requests, firstSequence, micros, reason }: RefusalStreak): Finding {
  return {
    name: 'publish',
    severity: 'error',
    message: `after ${firstSequence} accepted events the hub accepted no more: it refused ${requests} requests in ${(micros / 1e6).toFixed(1)} s, until the end of the run (${reason})`,
  };
}

/** Other producers may use the hub; more than the run itself caused is worth a word. */
export function judgeForeign({ foreign, received }: Pick<LedgerResult, 'foreign' | 'received'>): Finding[] {
  if (foreign <= Math.max(LEAST_FOREIGN, received)) return [];
  const message = `clients received ${foreign} messages that this run did not publish, more than the ${received} that it did: is another producer or a load test on this hub, or does the hub send by itself?`;
  return [{ name: 'protocol', severity: 'warning', message }];
}
