// The middle of measured values, and what a share of them are below: a few late values do not move it.

/** The upper of the two middle values where their number is even; 0 without any. */
export const median = (values: readonly number[]): number => quantile(values, 1 / 2);

/** The smallest value that at least this share of the values, below 1, does not exceed; 0 without any. */
export function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

/** The largest such value of stretches of so many values, one after the other; the last may be shorter. */
export function slowestStretch(values: readonly number[], stretch: number, share = 1 / 2): number {
  const starts = Array.from({ length: Math.ceil(values.length / stretch) }, (_, n) => n * stretch);
  return Math.max(0, ...starts.map((at) => quantile(values.slice(at, at + stretch), share)));
}
