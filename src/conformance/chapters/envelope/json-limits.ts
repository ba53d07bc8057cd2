// Events that a hub may refuse although they are JSON: "An implementation may set limits on the maximum depth of nesting, …
// on the range and precision of numbers, … on the length and character contents of strings" (RFC 8259, 9); parsers also refuse
// the key __proto__, which has harmed programs in JavaScript. Refusing one openly is a warning; any other legal event must be taken.

const STRINGS = /"(?:[^"\\]|\\.)*"/g;
const ESCAPED_UNIT = /\\u([0-9a-f]{4})/gi;
/** NUL, noncharacters (Unicode 23.7), and halves of surrogate pairs. */
const LIMITED_CHARACTER = /[\0\uFDD0-\uFDEF]|[\p{Surrogate}]|[\p{Noncharacter_Code_Point}]/u;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** What a double holds exactly, and what every reader has room for. */
const MOST_DIGITS = 15;
const MOST_EXPONENT = 18;
const MOST_DEPTH = 16;
const MOST_STRING_CHARS = 4_096;

/** Why a hub may refuse this event; undefined when it may not. */
export function findJsonLimit(text: string): string | undefined {
  const strings = text.match(STRINGS) ?? [];
  if (strings.some((string) => LIMITED_CHARACTER.test(decode(string)))) return 'unusual characters';
  if (strings.some(({ length }) => length > MOST_STRING_CHARS)) return 'a long string';
  if (/"appId":""|"type":""/.test(text)) return 'an empty identifier';
  if (/"__proto__"\s*:/.test(text)) return 'the key __proto__';
  const rest = text.replace(STRINGS, '');
  if ((rest.match(NUMBER) ?? []).some(isExtreme)) return 'an extreme number';
  return depthOf(rest) > MOST_DEPTH ? 'deep nesting' : undefined;
}

function decode(string: string): string {
  return string.replace(ESCAPED_UNIT, (_, unit: string) => String.fromCharCode(Number.parseInt(unit, 16)));
}

function isExtreme(number: string): boolean {
  const [digits = '', exponent = '0'] = number.toLowerCase().split('e');
  return (
    digits.replace(/^-?0*\.?0*|\./g, '').length > MOST_DIGITS || Math.abs(Number(exponent)) > MOST_EXPONENT
  );
}

function depthOf(structure: string): number {
  let [depth, deepest] = [0, 0];
  for (const character of structure) {
    if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    if (character === '}' || character === ']') depth--;
  }
  return deepest;
}
