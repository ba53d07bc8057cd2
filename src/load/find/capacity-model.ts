// Where the capacity lies, as chances over a grid of levels, given every step so far. A step near the capacity is a toss, and on
// a busy machine even an easy step fails now and then: so no single step decides, and the interval says what is known.

/** How often a level passed, and how often it did not. */
export interface Toss {
  readonly level: number;
  readonly passed: number;
  readonly not: number;
}

export interface CapacityEstimate {
  /** Half of the chance lies below. */
  readonly capacity: number;
  /** 5 % of the chance lies below `low` and 5 % above `high`. */
  readonly low: number;
  readonly high: number;
}

/** A step well below the capacity fails this often, as something else wanted the machine. */
const FALSE_FAILURE = 0.1;
/** A step well above it holds this often. */
const FALSE_HOLD = 0.02;
/** How wide the toss around a capacity is, as a logarithm of the level; each as likely as the others before any step. */
const WIDTHS = [0.01, 0.04, 0.12] as const;
/** Neighbours of the grid are this factor apart; it limits how exact an estimate can be. */
const GRID_FACTOR = 1.015;

/** `least` and `most` are the smallest and the largest capacity that is considered; `tosses` may be in any order. */
export function estimateCapacity(tosses: readonly Toss[], least: number, most: number): CapacityEstimate {
  const points = Math.max(2, Math.ceil(Math.log(most / least) / Math.log(GRID_FACTOR)) + 1);
  const capacities = Array.from(
    { length: points },
    (_, index) => least * (most / least) ** (index / (points - 1)),
  );
  const chances = weigh(capacities, tosses);
  const quantile = (share: number): number => {
    let seen = 0;
    const at = chances.findIndex((chance) => {
      seen += chance;
      return seen >= share;
    });
    return capacities[at === -1 ? points - 1 : at] ?? most;
  };
  return { capacity: quantile(0.5), low: quantile(0.05), high: quantile(0.95) };
}

/** The chance of each capacity; their sum is 1. */
function weigh(capacities: readonly number[], tosses: readonly Toss[]): number[] {
  const logTosses = tosses.map(({ level, passed, not }) => ({ log: Math.log(level), passed, not }));
  const logs = capacities.map((capacity) =>
    WIDTHS.map((width) => logLikelihood(logTosses, Math.log(capacity), width)),
  );
  const highest = Math.max(...logs.flat());
  const weights = logs.map((row) => row.reduce((sum, log) => sum + Math.exp(log - highest), 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function logLikelihood(
  tosses: readonly { readonly log: number; readonly passed: number; readonly not: number }[],
  logCapacity: number,
  width: number,
): number {
  let sum = 0;
  for (const { log, passed, not } of tosses) {
    const isBelow = 1 / (1 + Math.exp((log - logCapacity) / width));
    const holds = FALSE_HOLD + (1 - FALSE_HOLD - FALSE_FAILURE) * isBelow;
    sum += passed * Math.log(holds) + not * Math.log(1 - holds);
  }
  return sum;
}
