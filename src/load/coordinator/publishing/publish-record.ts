// What became of every event the run tried to publish (accepted, refused, or unanswered) and how long the hub took to
// answer. Apart from the publisher so that the counts can be tested without a clock.
import { createLatencyHistogram } from '../../../ledger/latency/latency-histogram.ts';
import type { BroadcastOutcome } from '../../../target/target.ts';
import type { PublishingResult, PublishWait } from '../../result/parts/publishing.ts';

/** Different refusals that are kept; further ones are counted with the last. */
const MAX_REFUSALS = 20;

export interface Attempt {
  readonly firstSequence: number;
  readonly events: number;
  readonly outcome: BroadcastOutcome;
  /** Of the machine's clock. */
  readonly sentAtMicros: number;
  readonly latencyMicros: number;
  /** Clients connected during the request that a hub need not keep. */
  readonly slowClients: number;
  /** The hub was under a fault meanwhile. */
  readonly isExcused?: boolean;
}

type Wait = Omit<Attempt, 'events' | 'outcome' | 'isExcused'>;
type Refusal = { status: number | null; events: number; reason: string };

export function createPublishRecord() {
  const latency = createLatencyHistogram();
  const refusals: Refusal[] = [];
  let [accepted, refused, unanswered, duringFaults] = [0, 0, 0, 0];
  let longest: Wait | undefined;
  let longestAlone: Wait | undefined;

  function countRefusal(status: number | null, events: number, reason: string): void {
    refused += events;
    const same = refusals.find((one) => one.status === status) ?? refusals[MAX_REFUSALS - 1];
    if (same) same.events += events;
    else refusals.push({ status, events, reason });
  }

  return {
    add(attempt: Attempt): void {
      const { firstSequence, events, outcome, latencyMicros, slowClients, sentAtMicros, isExcused } = attempt;
      latency.record(latencyMicros);
      const wait = { firstSequence, latencyMicros, slowClients, sentAtMicros };
      if (!isExcused) longest = longer(longest, wait);
      if (slowClients === 0 && !isExcused) longestAlone = longer(longestAlone, wait);
      const acceptedHere = outcome.ok ? events : (outcome.accepted ?? 0);
      accepted += acceptedHere;
      if (outcome.ok) return;
      const rest = events - acceptedHere;
      if (isExcused) {
        duringFaults += rest;
        if (outcome.kind === 'timeout') unanswered += rest;
        else refused += rest;
        return;
      }
      if (outcome.kind === 'refused') countRefusal(outcome.status ?? null, rest, outcome.problem);
      else unanswered += rest;
    },
    /** Who sent them does not say any more whether it has. */
    addUnanswered(events: number): void {
      unanswered += events;
    },
    /** Times are counted from `measuredFromMicros`. */
    result(measuredFromMicros: number): PublishingResult {
      const latencyMicros = latency.summary();
      return {
        requests: latencyMicros.count,
        accepted,
        refused,
        unanswered,
        ...(duringFaults > 0 && { duringFaults }),
        latencyMicros,
        longest: describeWait(longest, measuredFromMicros),
        longestAlone: describeWait(longestAlone, measuredFromMicros),
        refusals,
      };
    },
  };
}

const longer = (a: Wait | undefined, b: Wait): Wait =>
  a === undefined || b.latencyMicros > a.latencyMicros ? b : a;

function describeWait(wait: Wait | undefined, measuredFromMicros: number): PublishWait | null {
  if (wait === undefined) return null;
  const { firstSequence, latencyMicros, slowClients, sentAtMicros } = wait;
  const atMillis = Math.round((sentAtMicros - measuredFromMicros) / 1e3);
  return { sequence: firstSequence, latencyMicros, slowClients, atMillis };
}
