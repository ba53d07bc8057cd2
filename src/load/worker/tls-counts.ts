// The TLS handshakes of one cohort: how many, how long they took, and what they agreed on.
import {
  createLatencyHistogram,
  type EncodedHistogram,
  type LatencyHistogram,
  mergeHistograms,
} from '../../ledger/latency/latency-histogram.ts';
import type { TlsFacts } from '../../wire/tls/tls-facts.ts';

export interface TlsPart {
  readonly handshakes: number;
  readonly resumed: number;
  /** By protocol and cipher, with a space between. */
  readonly agreed: Readonly<Record<string, number>>;
  readonly handshakeMicros: EncodedHistogram;
  /** When the first began and the last ended, in microseconds of the machine's clock. */
  readonly fromMicros: number;
  readonly untilMicros: number;
}

export class TlsCounts {
  private resumed = 0;
  private readonly agreed: Record<string, number> = {};
  private readonly histogram: LatencyHistogram = createLatencyHistogram();
  private fromMicros = Number.POSITIVE_INFINITY;
  private untilMicros = 0;

  add({ protocol, cipher, isResumed, handshakeMicros }: TlsFacts, endedAtMicros: number): void {
    const name = `${protocol} ${cipher}`;
    this.agreed[name] = (this.agreed[name] ?? 0) + 1;
    if (isResumed) this.resumed++;
    this.histogram.record(handshakeMicros);
    this.fromMicros = Math.min(this.fromMicros, endedAtMicros - handshakeMicros);
    this.untilMicros = Math.max(this.untilMicros, endedAtMicros);
  }

  /** Undefined without a handshake. */
  part(): TlsPart | undefined {
    const { resumed, agreed, histogram, fromMicros, untilMicros } = this;
    const handshakes = histogram.count;
    if (handshakes === 0) return undefined;
    return { handshakes, resumed, agreed, handshakeMicros: histogram.encode(), fromMicros, untilMicros };
  }
}

/** Of several cohorts or workers. */
export function mergeTlsParts(parts: readonly (TlsPart | undefined)[]): TlsPart | undefined {
  const given = parts.filter((part) => part !== undefined);
  if (given.length === 0) return undefined;
  const agreed: Record<string, number> = {};
  for (const part of given) {
    for (const [name, count] of Object.entries(part.agreed)) agreed[name] = (agreed[name] ?? 0) + count;
  }
  return {
    handshakes: given.reduce((sum, part) => sum + part.handshakes, 0),
    resumed: given.reduce((sum, part) => sum + part.resumed, 0),
    agreed,
    handshakeMicros: mergeHistograms(given.map((part) => part.handshakeMicros)).encode(),
    fromMicros: Math.min(...given.map((part) => part.fromMicros)),
    untilMicros: Math.max(...given.map((part) => part.untilMicros)),
  };
}
