// One command-line option as data: its help, and how its text becomes a value.
import { parseDurationMillis } from '../../units/duration.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';

export interface Option<T> {
  /** What it does, its unit and its default, for `--help`. */
  readonly describe: string;
  /** Stands for the value in `--help`, such as DURATION; empty for a switch. */
  readonly placeholder: string;
  readonly isRepeatable: boolean;
  /** Gets every text given: one, or several when repeatable. */
  readonly parse: (texts: readonly string[]) => Parsed<T>;
  readonly group?: string;
  /** Its value when none is given. A value is then written `--name=VALUE`, as the next word is never taken. */
  readonly bareValue?: string;
}

/** Given at most once. */
export function single<T>(
  describe: string,
  placeholder: string,
  parse: (text: string) => Parsed<T>,
): Option<T> {
  return { describe, placeholder, isRepeatable: false, parse: (texts) => parse(texts.at(-1) ?? '') };
}

/** Given any number of times. */
export function repeatable<T>(
  describe: string,
  placeholder: string,
  parse: (text: string) => Parsed<T>,
): Option<readonly T[]> {
  return {
    describe,
    placeholder,
    isRepeatable: true,
    parse(texts) {
      const values: T[] = [];
      for (const text of texts) {
        const one = parse(text);
        if (!one.ok) return one;
        values.push(one.value);
      }
      return parsed(values);
    },
  };
}

export function flag(describe: string): Option<boolean> {
  return {
    describe,
    placeholder: '',
    isRepeatable: false,
    parse: (texts) => {
      const text = texts.at(-1) ?? 'true';
      return text === 'true' || text === 'false' || text === '1' || text === '0'
        ? parsed(text === 'true' || text === '1')
        : unparsed(`expected true or false, got "${text}"`);
    },
  };
}

export function text(describe: string, placeholder: string): Option<string> {
  return single(describe, placeholder, (value) =>
    value === '' ? unparsed('expected a value, got an empty text') : parsed(value),
  );
}

export function texts(describe: string, placeholder: string): Option<readonly string[]> {
  return repeatable(describe, placeholder, (value) =>
    value === '' ? unparsed('expected a value, got an empty text') : parsed(value),
  );
}

export function integer(describe: string, placeholder: string, least: number, most: number): Option<number> {
  return single(describe, placeholder, (value) => parseInteger(value, least, most));
}

export function duration(describe: string, leastMillis = 0, mostMillis = 24 * 3_600_000): Option<number> {
  return single(describe, 'DURATION', (value) => {
    const millis = parseDurationMillis(value);
    if (!millis.ok || (millis.value >= leastMillis && millis.value <= mostMillis)) return millis;
    return unparsed(`expected ${leastMillis} ms to ${mostMillis / 1_000} s, got "${value}"`);
  });
}

/** `aliases` are further names that are understood, but not listed. */
export function choices<T extends string>(
  describe: string,
  placeholder: string,
  known: readonly T[],
  aliases: Readonly<Record<string, T>> = {},
): Option<readonly T[]> {
  return repeatable(describe, placeholder, (value) =>
    parseChoice(Object.hasOwn(aliases, value) ? (aliases[value] as T) : value, known),
  );
}

export function choice<T extends string>(
  describe: string,
  placeholder: string,
  known: readonly T[],
): Option<T> {
  return single(describe, placeholder, (value) => parseChoice(value, known));
}

function parseChoice<T extends string>(value: string, known: readonly T[]): Parsed<T> {
  const match = known.find((candidate) => candidate === value);
  return match === undefined
    ? unparsed(`expected one of ${known.join(', ')}, got "${value}"`)
    : parsed(match);
}

export function parseInteger(value: string, least: number, most: number): Parsed<number> {
  const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return parsed(number);
  return unparsed(`expected a whole number from ${least} to ${most}, got "${value}"`);
}
