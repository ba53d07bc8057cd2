// What a result says of the TLS handshakes of a run.
import { type LatencySummary, mergeHistograms } from '../../../ledger/latency/latency-histogram.ts';
import { type AgreedCount, mergeTlsParts, type TlsPart } from '../../worker/counts/tls-counts.ts';

export interface TlsResult {
  /** Handshakes of the run's clients, those of clients that came back among them. */
  readonly handshakes: number;
  /** Of these, so many resumed the session of an earlier connection. */
  readonly resumed: number;
  /** From the start of the first to the end of the last; the ramp of the plan limits it. */
  readonly handshakesPerSecond: number;
  /** From dialing to the end of the handshake, in microseconds. */
  readonly handshakeMicros: LatencySummary;
  readonly agreed: readonly AgreedCount[];
}

export function foldTls(parts: readonly (TlsPart | undefined)[]): TlsResult | undefined {
  const merged = mergeTlsParts(parts);
  if (merged === undefined) return undefined;
  const { resumed, fromMicros, untilMicros } = merged;
  const handshakeMicros = mergeHistograms([merged.handshakeMicros]).summary();
  const handshakes = handshakeMicros.count;
  const seconds = Math.max(1e-3, (untilMicros - fromMicros) / 1e6);
  return {
    handshakes,
    resumed,
    handshakesPerSecond: Math.round((handshakes / seconds) * 10) / 10,
    handshakeMicros,
    agreed: merged.agreed.toSorted((a, b) => b.connections - a.connections),
  };
}
