// What the hub made of the offers of compression that the clients of one cohort sent, and what it saved them.
import type { CompressedBytes } from '../../ledger/ledger.ts';

interface AgreedCompression {
  /** The hub's Sec-WebSocket-Extensions. */
  readonly extensions: string;
  readonly connections: number;
}

export interface CompressionPart extends CompressedBytes {
  /** One for each answer. */
  readonly agreed: readonly AgreedCompression[];
  /** Connections that the hub did not agree with. */
  readonly declined: number;
  /** Bytes that these clients read: handshakes and control frames too, without what TLS adds. */
  readonly readBytes: number;
}

const NOTHING: CompressionPart = { agreed: [], declined: 0, wireBytes: 0, plainBytes: 0, readBytes: 0 };

export class CompressionCounts {
  private sum = NOTHING;

  /** A connection is open; `extensions` is the hub's answer. */
  open(extensions: string | undefined): void {
    const part =
      extensions === undefined
        ? { ...NOTHING, declined: 1 }
        : { ...NOTHING, agreed: [{ extensions, connections: 1 }] };
    this.sum = sumParts([this.sum, part]);
  }

  /** A connection is forgotten. */
  close(bytes: CompressedBytes | undefined, readBytes: number): void {
    this.sum = sumParts([this.sum, { ...NOTHING, ...bytes, readBytes }]);
  }

  get part(): CompressionPart {
    return this.sum;
  }
}

/** Of several cohorts or workers; undefined where nobody offered compression. */
export function mergeCompressionParts(
  parts: readonly (CompressionPart | undefined)[],
): CompressionPart | undefined {
  const given = parts.filter((part) => part !== undefined);
  return given.length === 0 ? undefined : sumParts(given);
}

function sumParts(parts: readonly CompressionPart[]): CompressionPart {
  const sum = (read: (part: CompressionPart) => number) =>
    parts.reduce((total, part) => total + read(part), 0);
  const connections = new Map<string, number>();
  for (const { extensions, connections: more } of parts.flatMap(({ agreed }) => agreed))
    connections.set(extensions, (connections.get(extensions) ?? 0) + more);
  return {
    agreed: [...connections].map(([extensions, count]) => ({ extensions, connections: count })),
    declined: sum((part) => part.declined),
    wireBytes: sum((part) => part.wireBytes),
    plainBytes: sum((part) => part.plainBytes),
    readBytes: sum((part) => part.readBytes),
  };
}
