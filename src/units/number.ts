// Numbers with a unit as people write them: `250ms`, `1.5 MiB`, `10x`. One pattern serves every quantity.
import { type Parsed, parsed, unparsed } from './parsed.ts';

const PATTERN = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z%/]*)\s*$/;

/** What one quantity accepts: its units with their factors, and the words for the error. */
export interface UnitTable {
  /** Completes "… is not a <noun>". */
  readonly noun: string;
  /** An example that parses, for the error. */
  readonly example: string;
  /** Unit text to factor; the empty text is a bare number. */
  readonly factors: Readonly<Record<string, number>>;
}

export function parseQuantity(text: string, table: UnitTable): Parsed<number> {
  const match = PATTERN.exec(text);
  const unit = match?.[2] ?? '';
  // Own units only: every object also has a `constructor`.
  const factor = Object.hasOwn(table.factors, unit) ? table.factors[unit] : undefined;
  if (match === null || factor === undefined) {
    const units = Object.keys(table.factors).filter((unit) => unit !== '');
    const known = units.length === 0 ? '' : ` with one of ${units.join(' ')}`;
    return unparsed(`"${text}" is not a ${table.noun}: write a number${known}, such as ${table.example}`);
  }
  const value = Number(match[1]) * factor;
  if (!Number.isFinite(value)) return unparsed(`"${text.slice(0, 40)}" is too large for a ${table.noun}`);
  return parsed(value);
}
