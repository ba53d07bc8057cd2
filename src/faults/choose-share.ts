// Which connections a fault resets: a share of them, those that drew the lowest numbers, so that a run repeats.

export interface Drawn<T> {
  readonly item: T;
  readonly drawn: number;
}

/** At least one where there are any. */
export function chooseShare<T>(all: readonly Drawn<T>[], share: number): T[] {
  const count = all.length === 0 ? 0 : Math.max(1, Math.round(all.length * share));
  return [...all]
    .sort((a, b) => a.drawn - b.drawn)
    .slice(0, count)
    .map(({ item }) => item);
}
