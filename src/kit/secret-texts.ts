// Many texts searched at once in another, however a report writes them: as they are, or as JSON, HTML, Markdown, a URL or
// a quoted shell word. The texts are sorted, and a place is compared with all that begin alike at the same time, so that a
// file of a hundred thousand tokens costs no more than one.

export class SecretTexts {
  private readonly texts = new Set<string>();
  /** Made when something is searched. */
  private index: Index | undefined;

  add(text: string): void {
    if (text === '' || this.texts.has(text)) return;
    this.texts.add(text);
    this.index = undefined;
  }

  /** The longest is taken where several begin. */
  replaceIn(text: string, replacement: string): string {
    if (this.texts.size === 0) return text;
    this.index ??= createIndex(this.texts);
    let [result, kept] = ['', 0];
    for (let at = 0; at < text.length; ) {
      const end = mayBegin(this.index, text.charCodeAt(at)) ? findEnd(this.index.sorted, text, at) : -1;
      if (end < 0) {
        at++;
        continue;
      }
      result += text.slice(kept, at) + replacement;
      kept = at = end;
    }
    return kept === 0 ? text : result + text.slice(kept);
  }
}

interface Index {
  /** By code units. */
  readonly sorted: readonly string[];
  /** Code units with which one begins. */
  readonly first: ReadonlySet<number>;
}

function createIndex(texts: ReadonlySet<string>): Index {
  const sorted = [...texts].sort();
  return { sorted, first: new Set(sorted.map((text) => text.charCodeAt(0))) };
}

/** How an encoded character begins. */
const ESCAPES = new Set([...`\\&%'`].map((char) => char.charCodeAt(0)));

function mayBegin({ first }: Index, unit: number): boolean {
  return first.has(unit) || ESCAPES.has(unit);
}

/** Texts `from` to `to` that agree with what was read so far, which is `depth` code units of each. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/** Where the longest that begins at `at` ends; -1 without one. */
function findEnd(sorted: readonly string[], text: string, at: number): number {
  let longest = -1;
  const open: (readonly [Range, number])[] = [[{ from: 0, to: sorted.length, depth: 0 }, at]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [range, place] = next;
    // The shortest of a range is the first.
    const isWhole = range.depth > 0 && sorted[range.from]?.length === range.depth;
    if (isWhole && place > longest) longest = place;
    for (const [decoded, end] of readForms(text, place)) {
      const narrowed = narrow(sorted, range, decoded);
      if (narrowed !== undefined) open.push([narrowed, end]);
    }
  }
  return longest;
}

function narrow(sorted: readonly string[], range: Range, decoded: string): Range | undefined {
  let current: Range = range;
  for (let at = 0; at < decoded.length; at++) {
    const unit = decoded.charCodeAt(at);
    const from = lowerBound(sorted, current, unit);
    const to = lowerBound(sorted, { ...current, from }, unit + 1);
    if (from === to) return undefined;
    current = { from, to, depth: current.depth + 1 };
  }
  return current;
}

/** The first text of the range whose code unit at its depth is at least this one; one that is over comes first. */
function lowerBound(sorted: readonly string[], { from, to, depth }: Range, unit: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const text = sorted[middle] as string;
    if (depth < text.length && text.charCodeAt(depth) >= unit) high = middle;
    else low = middle + 1;
  }
  return low;
}

type Form = readonly [decoded: string, end: number];

const ENTITIES: readonly Form[] = [
  ['&', 5],
  ['<', 4],
  ['>', 4],
  ['"', 6],
  ["'", 5],
  ["'", 6],
];
const WRITTEN_ENTITIES = ['&amp;', '&lt;', '&gt;', '&quot;', '&#39;', '&apos;'];
/** How a shell word writes a quote. */
const QUOTED_QUOTE = `'\\''`;
const MOST_BACKSLASHES = 32;

/** What may stand at this place, each with where it ends. */
function readForms(text: string, at: number): Form[] {
  const char = text[at];
  if (char === undefined) return [];
  const forms: Form[] = [[char, at + 1]];
  if (char === '\\') forms.push(...readBackslashes(text, at));
  else if (char === '&') {
    const entity = WRITTEN_ENTITIES.findIndex((written) => text.startsWith(written, at));
    const known = ENTITIES[entity];
    if (known) forms.push([known[0], at + known[1]]);
  } else if (char === '%') forms.push(...readPercent(text, at));
  else if (text.startsWith(QUOTED_QUOTE, at)) forms.push(["'", at + QUOTED_QUOTE.length]);
  return forms;
}

/** A backslash is written as one or more of them; before another character that is neither letter nor digit they mean nothing. */
function readBackslashes(text: string, at: number): Form[] {
  const forms: Form[] = [];
  let end = at;
  while (text[end] === '\\' && end - at < MOST_BACKSLASHES) forms.push(['\\', ++end]);
  const escaped = text[end];
  if (escaped !== undefined && !/[a-z\d]/i.test(escaped)) forms.push([escaped, end + 1]);
  const [, digits] = /^u([\da-f]{4})/i.exec(text.slice(end, end + 5)) ?? [];
  if (digits !== undefined) forms.push([String.fromCharCode(Number.parseInt(digits, 16)), end + 5]);
  return forms;
}

const MOST_UTF8_BYTES = 4;

/** One character of a URL, of one to four bytes. */
function readPercent(text: string, at: number): Form[] {
  const bytes: number[] = [];
  for (let end = at; bytes.length < MOST_UTF8_BYTES; end += 3) {
    const [, digits] = /^%([\da-f]{2})$/i.exec(text.slice(end, end + 3)) ?? [];
    if (digits === undefined) return [];
    bytes.push(Number.parseInt(digits, 16));
    const encoded = Buffer.from(bytes);
    const decoded = encoded.toString('utf8');
    // Half a character is decoded to U+FFFD, which is another one.
    if (Buffer.from(decoded).equals(encoded)) return [[decoded, end + 3]];
  }
  return [];
}
