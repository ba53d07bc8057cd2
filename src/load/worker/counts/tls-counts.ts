// The TLS handshakes of one cohort: how many, how long they took, and what they agreed on.
import {
  createLatencyHistogram,
  type EncodedHistogram,
  type LatencyHistogram,
  mergeHistograms,
} from '../../../ledger/latency/latency-histogram.ts';
import type { TlsFacts } from '../../../wire/tls/tls-facts.ts';

export interface AgreedCount {
  readonly protocol: string;
  readonly cipher: string;
  readonly connections: number;
}

export interface TlsPart {
  readonly resumed: number;
  /** One for each protocol and cipher. */
  readonly agreed: readonly AgreedCount[];
  /** Of every handshake. */
  readonly handshakeMicros: EncodedHistogram;
  /** When the first began and the last ended, in microseconds of the machine's clock. */
  readonly fromMicros: number;
  readonly untilMicros: number;
}

export class TlsCounts {
  private resumed = 0;
  private agreed: readonly AgreedCount[] = [];
  private readonly histogram: LatencyHistogram = createLatencyHistogram();
  private fromMicros = Number.POSITIVE_INFINITY;
  private untilMicros = 0;

  add({ protocol, cipher, isResumed, handshakeMicros }: TlsFacts, endedAtMicros: number): void {
    this.agreed = sumAgreed([...this.agreed, { protocol, cipher, connections: 1 }]);
    if (isResumed) this.resumed++;
    this.histogram.record(handshakeMicros);
    this.fromMicros = Math.min(this.fromMicros, endedAtMicros - handshakeMicros);
    this.untilMicros = Math.max(this.untilMicros, endedAtMicros);
  }

  /** Undefined without a handshake. */
  part(): TlsPart | undefined {
    const { resumed, agreed, histogram, fromMicros, untilMicros } = this;
    if (histogram.count === 0) return undefined;
    return { resumed, agreed, handshakeMicros: histogram.encode(), fromMicros, untilMicros };
  }
}

/** Of several cohorts or workers. */
export function mergeTlsParts(parts: readonly (TlsPart | undefined)[]): TlsPart | undefined {
  const given = parts.filter((part) => part !== undefined);
  if (given.length === 0) return undefined;
  return {
    resumed: given.reduce((sum, part) => sum + part.resumed, 0),
    agreed: sumAgreed(given.flatMap(({ agreed }) => agreed)),
    handshakeMicros: mergeHistograms(given.map((part) => part.handshakeMicros)).encode(),
    fromMicros: Math.min(...given.map((part) => part.fromMicros)),
    untilMicros: Math.max(...given.map((part) => part.untilMicros)),
  };
}

function sumAgreed(counts: readonly AgreedCount[]): AgreedCount[] {
  const sums: AgreedCount[] = [];
  for (const count of counts) {
    const at = sums.findIndex(
      ({ protocol, cipher }) => protocol === count.protocol && cipher === count.cipher,
    );
    const connections = (sums[at]?.connections ?? 0) + count.connections;
    if (at === -1) sums.push(count);
    else sums[at] = { ...count, connections };
  }
  return sums;
}
