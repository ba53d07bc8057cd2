// The depth of a buffer where kernels hide messages too: with events of size s a client is kept with
// 1 + depth + floor(K / s) of them, K being what the kernels hide. Several sizes tell K and depth apart.

export interface KeptAtSize {
  readonly eventBytes: number;
  /** The most outstanding messages of this size with which a client was kept. */
  readonly keptMessages: number;
  /** By how much that varied from try to try; default 0. */
  readonly slackMessages?: number;
}

/** Kernels do not hide the same every time: K may differ by this much between sizes. */
const TOLERANCE = 0.15;

/** All depths that explain what was seen; undefined when none does. */
export function solveDepth(
  seen: readonly KeptAtSize[],
): { readonly low: number; readonly high: number } | undefined {
  const most = Math.min(...seen.map(({ keptMessages }) => keptMessages)) - 1;
  const possible: number[] = [];
  for (let depth = 0; depth <= most; depth++) if (isExplainedBy(depth, seen)) possible.push(depth);
  const [low, high] = [possible[0], possible.at(-1)];
  return low === undefined || high === undefined ? undefined : { low, high };
}

/** Whether one K, give or take, explains every size. */
function isExplainedBy(depth: number, seen: readonly KeptAtSize[]): boolean {
  const ranges = seen.map(({ eventBytes, keptMessages, slackMessages = 0 }) => {
    const hidden = keptMessages - 1 - depth;
    return {
      leastBytes: ((hidden - slackMessages) * eventBytes) / (1 + TOLERANCE),
      mostBytes: (hidden + 1 + slackMessages) * eventBytes * (1 + TOLERANCE),
    };
  });
  const least = Math.max(...ranges.map(({ leastBytes }) => leastBytes));
  return ranges.every(({ mostBytes }) => least < mostBytes);
}
