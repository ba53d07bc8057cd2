// Factors: what is broadcast, how much of it, by how many producers, and how fast.
import { namedFactor, numberFactor } from './factor.ts';

export const EVENTS_FACTOR = numberFactor(
  'events',
  6,
  [
    { from: 1, to: 5 },
    { from: 7, to: 40, weight: 3 },
    { from: 41, to: 150 },
    { from: 151, to: 600, weight: 0.2 },
    { from: 601, to: 3_400, weight: 0.06, isCostly: true },
    { from: 9_500, to: 10_000, weight: 0.02, isCostly: true },
  ],
  (count) => `${count} events`,
);

/** Bytes of padding in an event. */
export const BYTES_FACTOR = numberFactor(
  'bytes',
  0,
  [
    { from: 1, to: 300, weight: 3 },
    { from: 301, to: 3_900, weight: 1 },
    { from: 3_901, to: 4_200, weight: 1 },
    { from: 16_100, to: 16_500, weight: 0.7 },
    { from: 65_200, to: 65_700, weight: 0.4 },
    { from: 131_000, to: 132_000, weight: 0.1, isCostly: true },
    { from: 1_048_000, to: 1_049_000, weight: 0.05, isCostly: true },
  ],
  (count) => `${count} bytes more in each event`,
);

/** Sizes that alternate or grow: from 0 to `bytes`, event by event. */
export const SIZES_FACTOR = namedFactor('sizes', 'equal', {
  growing: 'events that grow',
  alternating: 'large and small events in turn',
  edges: 'events whose length is a power of two, or one byte more or less',
});

export const BATCH_FACTOR = numberFactor(
  'batch',
  1,
  [
    { from: 2, to: 7 },
    { from: 8, to: 31 },
    { from: 32, to: 32, weight: 2 },
  ],
  (count) => `${count} events in one request`,
);

export const PRODUCERS_FACTOR = numberFactor(
  'producers',
  1,
  [
    { from: 2, to: 3, weight: 1 },
    { from: 8, to: 8, weight: 1 },
  ],
  (count) => `${count} producers at once`,
);

export const TYPES_FACTOR = namedFactor('types', 'one', {
  documented: 'every documented type',
  unknown: 'an unknown type',
  mixed: 'documented and unknown types',
  'special names': 'types such as __proto__ and constructor',
  'by case': 'types that differ only in case or normal form',
  'each letter': 'types that begin with each letter',
  separators: 'types with separators, wildcards and spaces',
  long: 'types of up to 300 characters',
});

export const APPS_FACTOR = namedFactor('apps', 'one', {
  several: 'events of fifty apps',
  'special names': 'apps such as __proto__ and constructor',
  'by case': 'apps that differ only in case or normal form',
  'each letter': 'app names that begin with each letter',
  separators: 'app names with separators, wildcards and spaces',
  long: 'app names of up to 300 characters',
});

export const CONTENT_FACTOR = namedFactor('content', 'plain', {
  numbers: 'numbers of every kind',
  dates: 'dates and durations',
  'special keys': 'keys such as __proto__ and constructor',
  'keys by case': 'keys that differ only in case',
  deep: 'deeply nested content',
  'very deep': 'content nested up to 300 levels',
  wide: 'hundreds of fields',
  unicode: 'text in many scripts and normal forms',
  escapes: 'quotes, controls and markup',
  base64: 'base64 text',
  random: 'random text that does not compress',
  empty: 'empty values',
  'same again': 'the same content again and again',
  identifiers: 'identifiers that look like numbers and words',
});

export const FORM_FACTOR = namedFactor('form', 'compact', {
  spaced: 'spaces between the tokens of JSON',
  escaped: 'every other character escaped in JSON',
  reordered: 'the fields of the envelope in another order',
});

/** Milliseconds without an event in the middle. */
export const SILENCE_FACTOR = numberFactor(
  'silence',
  0,
  [
    { from: 50, to: 300 },
    { from: 301, to: 1_500, weight: 0.1 },
    { from: 2_000, to: 7_000, weight: 0.04, isCostly: true },
    // Only in long runs.
    { from: 20_000, to: 60_000, weight: 0.01, isCostly: true },
  ],
  (millis) => `${millis} ms without an event`,
);
