// One request in all the forms that HTTP allows: case of names, spaces around values, order of lines, lists in one line or
// several, and where its bytes are cut on their way. What is random follows from a seed and the name of the header, so that
// a header keeps its form when others are left out. Pure.
import { createRandom } from '../../../kit/random.ts';
import type { HeaderLine } from '../../../wire/connection.ts';

export interface RequestForm {
  readonly names: string;
  readonly spaces: string;
  readonly order: string;
  readonly lists: string;
  readonly seed: number;
}

const chanceOf = (seed: number, what: string): number => createRandom(seed, what).next();

/** RFC 9110 5.1: names are case-insensitive. */
const NAMES: Readonly<Record<string, (name: string, seed: number) => string>> = {
  lower: (name) => name.toLowerCase(),
  upper: (name) => name.toUpperCase(),
  swapped: (name) => eachLetter(name, (letter) => letter === letter.toLowerCase()),
  random(name, seed) {
    const random = createRandom(seed, `case of ${name.toLowerCase()}`);
    return eachLetter(name, () => random.next() < 0.5);
  },
};

function eachLetter(name: string, isUpper: (letter: string) => boolean): string {
  return [...name].map((letter) => (isUpper(letter) ? letter.toUpperCase() : letter.toLowerCase())).join('');
}

type Spaces = readonly [before: string, after: string];
const ONE: Spaces = [' ', ''];
/** RFC 9112 5: spaces and tabs before and after a value are no part of it. */
const SPACES: Readonly<Record<string, Spaces>> = { one: ONE, none: ['', ''], several: ['   ', ''] };
/** Node's parser, among many, keeps it as a part of the value. */
export const TRAILING_TAB = 'trailing tab';
/** The same, but parsers in daily use keep some of them as a part of the value. */
const KEPT_SPACES: Readonly<Record<string, Spaces>> = {
  tab: ['\t', ''],
  trailing: [' ', '  '],
  [TRAILING_TAB]: [' ', '\t'],
};
const IS_KEY = /^sec-websocket-key$/i;

/** HTTP demands that a server takes it, and some in daily use do not. */
export const isHardToRead = ({ spaces, lists }: Pick<RequestForm, 'spaces' | 'lists'>): boolean =>
  spaces in KEPT_SPACES || lists === LINE_EACH;

/** Headers whose value is a list (RFC 9110 5.3: in one line or several, in the same order). */
const IS_LIST = /^(?:connection|sec-websocket-protocol|sec-websocket-extensions|x-forwarded-for|via)$/i;
const LINE_EACH = 'line each';
const SEPARATORS: Readonly<Record<string, string>> = { tight: ',', spaced: ' , ' };

export function writeHeaderLines(headers: readonly HeaderLine[], form: RequestForm): readonly string[] {
  return ordered(
    headers.flatMap(([name, value]) => splitList(name, value, form)),
    form,
  ).map(([name, value]) => {
    const [before, after] = spacesOf(name, form);
    return `${NAMES[form.names]?.(name, form.seed) ?? name}:${before}${value}${after}`;
  });
}

function spacesOf(name: string, { spaces, seed }: RequestForm): Spaces {
  // With another key the answer is wrong, which nobody can tell from a wrong hash.
  if (spaces in KEPT_SPACES) return (IS_KEY.test(name) ? undefined : KEPT_SPACES[spaces]) ?? ONE;
  const kinds = Object.values(SPACES);
  const drawn = kinds[Math.floor(chanceOf(seed, `spaces of ${name.toLowerCase()}`) * kinds.length)];
  return SPACES[spaces] ?? drawn ?? ONE;
}

function splitList(name: string, value: string, { lists, seed }: RequestForm): HeaderLine[] {
  if (lists === 'as usual' || !IS_LIST.test(name)) return [[name, value]];
  const elements = value.split(',').map((element) => element.trim());
  // A list of one is none.
  if (/^connection$/i.test(name) && elements.length === 1)
    elements.splice(chanceOf(seed, 'keep-alive') < 0.5 ? 0 : 1, 0, 'keep-alive');
  if (lists === LINE_EACH) return elements.map((element) => [name, element]);
  return [[name, elements.join(SEPARATORS[lists])]];
}

function ordered(lines: readonly HeaderLine[], { order, seed }: RequestForm): readonly HeaderLine[] {
  if (order === 'reversed') return lines.toReversed();
  if (order !== 'shuffled') return lines;
  const seen = new Map<string, number>();
  return lines
    .map((line) => {
      const name = line[0].toLowerCase();
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      return { line, at: chanceOf(seed, `place of ${name} ${times}`) };
    })
    .sort((one, other) => one.at - other.at)
    .map(({ line }) => line);
}

const END = '\r\n\r\n';
const BYTES_ONE_BY_ONE = 6;

/** Where the bytes of a request head are cut. */
export function cutsFor(arrival: string, bytes: Buffer, seed: number): readonly number[] {
  const { length } = bytes;
  const between = (low: number, high: number, what: string): number =>
    low + Math.floor(chanceOf(seed, what) * (high - low + 1));
  switch (arrival) {
    case 'cut':
      return [between(1, length - 1, 'cut')];
    case 'cut twice': {
      const first = between(1, length - 2, 'first cut');
      return [first, between(first + 1, length - 1, 'second cut')];
    }
    case 'cut in a line end': {
      const ends = [...bytes.toString('latin1').matchAll(/\r\n/g)].map(({ index }) => index + 1);
      return [ends[between(0, ends.length - 2, 'line end')] ?? 1];
    }
    case 'cut in the end':
      return [length - between(1, END.length - 1, 'end')];
    case 'last bytes one by one':
      return Array.from({ length: BYTES_ONE_BY_ONE }, (_, at) => length - BYTES_ONE_BY_ONE + at);
    case 'first bytes one by one':
      return Array.from({ length: BYTES_ONE_BY_ONE }, (_, at) => at + 1);
    default:
      return [];
  }
}
