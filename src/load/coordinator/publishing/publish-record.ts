// What became of every event the run tried to publish (accepted, refused, or unanswered) and how long the hub took to
// answer. Apart from the publisher so that the counts can be tested without a clock.
import { createLatencyHistogram } from '../../../ledger/latency/latency-histogram.ts';
import type { BroadcastOutcome } from '../../../target/target.ts';
import type { PublishingResult } from '../../result/parts/publishing.ts';

/** Different refusals that are kept; further ones are counted with the last. */
const MAX_REFUSALS = 20;

export interface Attempt {
  readonly firstSequence: number;
  readonly events: number;
  readonly outcome: BroadcastOutcome;
  readonly latencyMicros: number;
  /** Clients connected during the request that do not read at once. */
  readonly slowClients: number;
}

type Refusal = { status: number | null; events: number; reason: string };

export function createPublishRecord() {
  const latency = createLatencyHistogram();
  const refusals: Refusal[] = [];
  let [accepted, refused, unanswered] = [0, 0, 0];
  let longest: PublishingResult['longest'] = null;

  function countRefusal(status: number | null, events: number, reason: string): void {
    refused += events;
    const same = refusals.find((one) => one.status === status) ?? refusals[MAX_REFUSALS - 1];
    if (same) same.events += events;
    else refusals.push({ status, events, reason });
  }

  return {
    add({ firstSequence, events, outcome, latencyMicros, slowClients }: Attempt): void {
      latency.record(latencyMicros);
      if (longest === null || latencyMicros > longest.latencyMicros)
        longest = { sequence: firstSequence, latencyMicros, slowClients };
      const acceptedHere = outcome.ok ? events : (outcome.accepted ?? 0);
      accepted += acceptedHere;
      if (outcome.ok) return;
      const rest = events - acceptedHere;
      if (outcome.kind === 'refused') countRefusal(outcome.status ?? null, rest, outcome.problem);
      else unanswered += rest;
    },
    result(): PublishingResult {
      const latencyMicros = latency.summary();
      return {
        requests: latencyMicros.count,
        accepted,
        refused,
        unanswered,
        latencyMicros,
        longest,
        refusals,
      };
    },
  };
}
