// What became of the opening handshakes of one cohort besides TLS: why clients could not connect, and which subprotocols
// were agreed on.

/** One cause with one reason, and how often. */
export interface FailurePart {
  /** One word, such as `401` (wire/failure/failure-cause.ts). */
  readonly cause: string;
  /** One sentence with the first lines of the answer. */
  readonly reason: string;
  readonly count: number;
}

/** How many attempts failed for each cause. */
export type CausedFailures = Readonly<Record<string, number>>;

/** By name; of clients to which the hub named none, under an empty text. */
export type SubprotocolCounts = Readonly<Record<string, number>>;

/** Reasons that are kept for each cause; others count with the first of them. */
const MOST_REASONS = 20;

export class FailureCounts {
  private readonly byCause = new Map<string, Map<string, number>>();

  add({ cause, problem }: { readonly cause: string; readonly problem: string }): void {
    const reasons = this.byCause.get(cause) ?? new Map<string, number>();
    this.byCause.set(cause, reasons);
    const [first = problem] = reasons.keys();
    const reason = reasons.has(problem) || reasons.size < MOST_REASONS ? problem : first;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }

  /** By cause; undefined without any. */
  sums(): CausedFailures | undefined {
    if (this.byCause.size === 0) return undefined;
    const sum = (reasons: Iterable<number>) => [...reasons].reduce((total, count) => total + count, 0);
    return Object.fromEntries([...this.byCause].map(([cause, reasons]) => [cause, sum(reasons.values())]));
  }

  parts(): FailurePart[] {
    return [...this.byCause].flatMap(([cause, reasons]) =>
      [...reasons].map(([reason, count]) => ({ cause, reason, count })),
    );
  }
}

/** Of several workers; each cause and reason once. */
export function mergeFailures(parts: readonly (readonly FailurePart[])[]): FailurePart[] {
  const merged = new Map<string, FailurePart>();
  for (const part of parts.flat()) {
    const key = `${part.cause} ${part.reason}`;
    merged.set(key, { ...part, count: part.count + (merged.get(key)?.count ?? 0) });
  }
  return [...merged.values()];
}

/** Of several parts that count by the same names. */
export function sumCounts(
  parts: readonly Readonly<Record<string, number>>[],
): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const [name, count] of parts.flatMap((part) => Object.entries(part)))
    sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}
