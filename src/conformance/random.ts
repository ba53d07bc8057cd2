// Chance that can be repeated: each check draws from a sequence of its own, made of the run's seed and the check's id,
// so that running one check alone repeats what it did among the others.
import { hashText } from '../protocol/hash.ts';

export interface Random {
  /** From 0 inclusive to 1 exclusive. */
  unit(): number;
  /** A whole number from `low` to `high`, both inclusive. */
  between(low: number, high: number): number;
  bytes(count: number): Buffer;
}

export function createRandom(seed: number, id: string): Random {
  let state = hashText(id, seed) >>> 0;
  // mulberry32
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number): number => low + Math.floor(unit() * (high - low + 1));
  return {
    unit,
    between,
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => between(0, 255))),
  };
}
