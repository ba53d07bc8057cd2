// The median of measured values: one late value does not move it.

/** The upper of the two middle values where their number is even; 0 without any. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
