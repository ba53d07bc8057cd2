// Rates, factors and shares: `30/s`, `10x`, `99.5%`; counts for people.
import { parseQuantity } from './number.ts';
import { type Parsed, unparsed } from './parsed.ts';

/** Things per second; a bare number is per second. */
export function parsePerSecond(text: string): Parsed<number> {
  return parseQuantity(text, { noun: 'rate', example: '30/s', factors: { '': 1, '/s': 1, '/m': 1 / 60 } });
}

/** A speed factor above 0: `10x` or `10`. */
export function parseFactor(text: string): Parsed<number> {
  const factor = parseQuantity(text, { noun: 'factor', example: '10x', factors: { '': 1, x: 1 } });
  if (factor.ok && factor.value <= 0) return unparsed(`"${text}" is not a factor: it must be above 0`);
  return factor;
}

/** `12,345`. */
export function renderCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}
