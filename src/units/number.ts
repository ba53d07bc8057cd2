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
  const factor = match === null ? undefined : table.factors[match[2] ?? ''];
  if (match === null || factor === undefined) {
    const units = Object.keys(table.factors).filter((unit) => unit !== '');
    const known = units.length === 0 ? '' : ` with one of ${units.join(' ')}`;
    return unparsed(`"${text}" is not a ${table.noun}: write a number${known}, such as ${table.example}`);
  }
  return parsed(Number(match[1]) * factor);
}
