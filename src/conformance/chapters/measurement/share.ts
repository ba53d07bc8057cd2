// A share that was counted, in percent, with the interval in which the true one lies (Wilson, 95 %).

export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const Z = 1.96;

/** Undefined for a share of nothing. */
export function shareWithin(count: number, total: number): Share | undefined {
  if (total === 0) return undefined;
  const share = count / total;
  const centre = share + Z ** 2 / (2 * total);
  const spread = Z * Math.sqrt((share * (1 - share)) / total + Z ** 2 / (4 * total ** 2));
  const scale = 1 + Z ** 2 / total;
  const percent = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 100;
  return {
    value: percent(share),
    low: count === 0 ? 0 : percent((centre - spread) / scale),
    high: count === total ? 100 : percent((centre + spread) / scale),
  };
}
