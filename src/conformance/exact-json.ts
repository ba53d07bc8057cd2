// JSON compared by what it says: field order, spaces and escapes are the hub's own business, values are not. Numbers
// keep their digits, because JSON.parse would round 9007199254740993 on both sides and see no difference.

/** Strings are `s…`, numbers `n…`: one parse of a rewritten text, so that every digit survives. */
export type ExactValue =
  | string
  | boolean
  | null
  | readonly ExactValue[]
  | { readonly [key: string]: ExactValue };

const STRING_OR_NUMBER = /"([^"\\]*(?:\\.[^"\\]*)*)"|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/gs;

/** Throws, as JSON.parse does, when the text is not JSON. */
export function parseExactJson(text: string): ExactValue {
  JSON.parse(text);
  const tagged = text.replace(STRING_OR_NUMBER, (_, chars: string | undefined, digits: string | undefined) =>
    digits === undefined ? `"s${chars}"` : `"n${digits}"`,
  );
  return JSON.parse(tagged) as ExactValue;
}

export interface Comparison {
  /** Every digit counts; otherwise numbers are equal when they are the same double. */
  readonly isExact?: boolean;
}

/** Where `got` does not say what `sent` says: path, and both values. Undefined when they agree. */
export function findDifference(
  sent: ExactValue,
  got: ExactValue | undefined,
  comparison: Comparison = {},
  path = '',
): string | undefined {
  if (got === undefined) return `${path || 'the value'} is missing`;
  if (typeof sent === 'string' && typeof got === 'string') {
    return isSameScalar(sent, got, comparison) ? undefined : describeChange(path, sent, got);
  }
  if (typeof sent !== 'object' || sent === null || typeof got !== 'object' || got === null) {
    return sent === got ? undefined : `${path} was ${show(sent)} and is ${show(got)}`;
  }
  if (Array.isArray(sent) !== Array.isArray(got)) return `${path} was ${show(sent)} and is ${show(got)}`;
  const [before, after] = [sent, got] as [
    Readonly<Record<string, ExactValue>>,
    Readonly<Record<string, ExactValue>>,
  ];
  for (const key of Object.keys(before)) {
    const inner = findDifference(
      before[key] as ExactValue,
      Object.hasOwn(after, key) ? after[key] : undefined,
      comparison,
      joinPath(path, key),
    );
    if (inner !== undefined) return inner;
  }
  const added = Object.keys(after).find((key) => !Object.hasOwn(before, key));
  return added === undefined
    ? undefined
    : `${joinPath(path, added)} was added: ${show(after[added] as ExactValue)}`;
}

const SHOWN_CHARS = 80;
const CONTEXT_CHARS = 15;

/** Of long strings only what differs: where, what stands there, and how long both are. */
function describeChange(path: string, sent: string, got: string): string {
  if (sent.length <= SHOWN_CHARS && got.length <= SHOWN_CHARS)
    return `${path} was ${show(sent)} and is ${show(got)}`;
  let at = 0;
  while (at < sent.length && sent[at] === got[at]) at++;
  const around = (text: string) =>
    show(`s${text.slice(Math.max(1, at - CONTEXT_CHARS), at + CONTEXT_CHARS)}`);
  return `${path} of ${sent.length - 1} characters has ${got.length - 1}; from character ${at - 1} on it was ${around(sent)} and is ${around(got)}`;
}

function joinPath(path: string, taggedKey: string): string {
  const key = taggedKey.startsWith('s') ? taggedKey.slice(1) : taggedKey;
  return path === '' ? key : `${path}.${key}`;
}

function isSameScalar(sent: string, got: string, { isExact = false }: Comparison): boolean {
  if (sent === got) return true;
  if (!sent.startsWith('n') || !got.startsWith('n')) return false;
  const [a, b] = [sent.slice(1), got.slice(1)];
  return isExact ? canonicalDecimal(a) === canonicalDecimal(b) : Number(a) === Number(b);
}

/** One spelling for each number: significant digits and a power of ten. */
function canonicalDecimal(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const isNegative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${isNegative ? '-' : ''}${significant}e${power}`;
}

function show(value: ExactValue): string {
  if (typeof value === 'string' && value.startsWith('n')) return value.slice(1);
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'string' ? inner.slice(1) : inner,
  );
  const ascii = text.replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return ascii.length > 80 ? `${ascii.slice(0, 77)}...` : ascii;
}
