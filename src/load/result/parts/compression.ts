// What a result says of compression: what the hub agreed to, and what it saved.
import type { CompressedBytes } from '../../../ledger/ledger.ts';
import { keepsContext } from '../../../wire/deflate.ts';
import { type CompressionPart, mergeCompressionParts } from '../../worker/compression-counts.ts';

export interface CompressionResult {
  /** What the hub answered to offers of permessage-deflate, the most frequent first. */
  readonly agreed: readonly AgreedAnswer[];
  /** Connections that the hub did not agree with: their messages came as they are. */
  readonly declined: number;
  /** Of the data frames that clients with compression received, as they were on the wire. */
  readonly wireBytes: number;
  /** Of the same frames, had nothing been compressed. */
  readonly plainBytes: number;
  /** Plain over wire, each event of the run once, without those that fill queues; null when nothing was received. */
  readonly ratio: number | null;
  /** Bytes that all clients read: handshakes and control frames too, without what TLS adds. */
  readonly readBytes: number;
}

interface AgreedAnswer {
  readonly extensions: string;
  readonly connections: number;
  /** Messages may refer to those before them, so that each client gets other bytes and inflates them by itself. */
  readonly hasContextTakeover: boolean;
}

export function foldCompression(
  parts: readonly (CompressionPart | undefined)[],
  events: CompressedBytes,
): CompressionResult | undefined {
  const merged = mergeCompressionParts(parts);
  if (merged === undefined) return undefined;
  const { agreed, declined, wireBytes, plainBytes, readBytes } = merged;
  return {
    agreed: agreed
      .map((one) => ({ ...one, hasContextTakeover: keepsContext(one.extensions) }))
      .toSorted((a, b) => b.connections - a.connections),
    declined,
    wireBytes,
    plainBytes,
    ratio: events.wireBytes === 0 ? null : Math.round((events.plainBytes / events.wireBytes) * 100) / 100,
    readBytes,
  };
}
