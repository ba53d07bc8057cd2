// The median of measured values: one late value does not move it.

/** The upper of the two middle values where their number is even; 0 without any. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The median of the slowest of stretches of so many values, one after the other; the last may be shorter. */
export function slowestStretch(values: readonly number[], stretch: number): number {
  const starts = Array.from({ length: Math.ceil(values.length / stretch) }, (_, n) => n * stretch);
  return Math.max(0, ...starts.map((at) => median(values.slice(at, at + stretch))));
}
