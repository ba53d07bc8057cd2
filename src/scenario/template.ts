// Placeholders with a value per saga: {app}, {saga}, and inside a repetition {n} and {of}. Files are checked for unknown
// ones before any event is generated.
import { suggest } from '../units/suggest.ts';

export type Words = Readonly<Record<string, string>>;

const SAGA_WORDS = ['app', 'saga'];
const COUNTING_WORDS = ['n', 'of'];
const PATTERN = /\{(\w+)\}/g;

/** Replaces the placeholders in every string of `value`, at any depth. */
export function fillAll(value: unknown, words: Words): unknown {
  if (typeof value === 'string') return fill(value, words);
  if (Array.isArray(value)) return value.map((item) => fillAll(item, words));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillAll(inner, words)]));
}

export function fill(text: string, words: Words): string {
  return text.replace(
    PATTERN,
    (whole, word: string) => (Object.hasOwn(words, word) ? words[word] : whole) ?? whole,
  );
}

/** The problem with a placeholder, or undefined. `isRepeated`: {n} and {of} have values. */
export function findUnknownWord(value: unknown, isRepeated: boolean): string | undefined {
  const known = isRepeated ? [...SAGA_WORDS, ...COUNTING_WORDS] : SAGA_WORDS;
  for (const word of wordsIn(value)) {
    if (known.includes(word)) continue;
    if (COUNTING_WORDS.includes(word))
      return `{${word}} counts repetitions and is only valid inside repeat or progress`;
    const meant = word.length > 1 ? suggest(word, known) : undefined;
    const advice = meant
      ? `did you mean {${meant}}?`
      : `known are ${known.map((one) => `{${one}}`).join(', ')}`;
    return `unknown placeholder {${word}}; ${advice}`;
  }
  return undefined;
}

function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(PATTERN)].map((match) => match[1] ?? '');
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(wordsIn);
}
