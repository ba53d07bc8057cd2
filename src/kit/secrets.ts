// Secrets that were given to a program: values of `--broadcast-header`, bearer tokens, and the user part of any URL. All
// that is written for a person or a file passes `redact` once, at the edge, so no report has to know about secrets.

const STARS = '***';
/** In free text only longer values are searched: shorter ones are also parts of numbers and ordinary words. */
const MIN_CHARS = 6;

export interface Secrets {
  /** A value that must not be written, and the parts by which a hub may quote it. */
  add(value: string): void;
  /** `Name: value`; text without a colon is a value. */
  addHeader(header: string): void;
  redact(text: string): string;
}

export function createSecrets(): Secrets {
  const values = new Set<string>();
  let pattern: RegExp | undefined;

  function add(value: string): void {
    for (const part of [value, ...partsOf(value)]) if (isSearchable(part)) values.add(part);
    // The longest first: a value that contains another is replaced whole.
    const sources = [...values].sort((a, b) => b.length - a.length).map(encodedPattern);
    pattern = sources.length === 0 ? undefined : new RegExp(sources.join('|'), 'g');
  }

  return {
    add,
    addHeader: (header) => add(header.slice(header.indexOf(':') + 1).trim()),
    redact(text) {
      const withoutUsers = redactUserinfo(text);
      return pattern === undefined ? withoutUsers : withoutUsers.replace(pattern, STARS);
    },
  };
}

/** The secrets of this process. */
export const SECRETS = createSecrets();

/** `ws://user:password@host/` becomes `ws://***@host/`, wherever a URL stands in the text. */
export function redactUserinfo(text: string): string {
  return text.replace(/([a-z][a-z\d+.-]*:\\?\/\\?\/)[^\s/?#<>"]*@/gi, `$1${STARS}@`);
}

/** `Name: value` with the value hidden. */
export function redactHeader(header: string): string {
  const colon = header.indexOf(':');
  return colon < 0 ? STARS : `${header.slice(0, colon)}: ${STARS}`;
}

/** The credentials behind a scheme (`Bearer …`), the values of cookies, and what Basic credentials encode. */
function partsOf(value: string): string[] {
  const [, credentials] = /^\S+\s+(\S+)$/.exec(value) ?? [];
  const cookies = value.split(/[;,]\s*/).flatMap((pair) => /^[^=\s]+=(.+)$/.exec(pair)?.[1] ?? []);
  const decoded = /^basic\s/i.test(value) ? Buffer.from(credentials ?? '', 'base64').toString('utf8') : '';
  const password = decoded.slice(decoded.indexOf(':') + 1);
  return [credentials ?? '', ...cookies, decoded, password];
}

/** Digits alone would also match inside the numbers of a JSON file. */
function isSearchable(value: string): boolean {
  return value.length >= MIN_CHARS && !/^[\d.]+$/.test(value);
}

/** Matches the value as it is and as JSON, HTML, Markdown, a URL or a quoted shell word writes it. */
function encodedPattern(value: string): string {
  return [...value].map(encodedChar).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;|&apos;',
};

function encodedChar(char: string): string {
  if (/[a-z\d]/i.test(char)) return char;
  const literal = char.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at));
  const unicode = units.map((unit) => `\\\\u${unit.toString(16).padStart(4, '0')}`).join('');
  const bytes = [...Buffer.from(char, 'utf8')].map((byte) => hexByte(byte)).join('');
  // The long forms first: `%25` begins with `%`.
  const forms = [unicode, bytes, ...(ENTITIES[char]?.split('|') ?? []), `\\\\*${literal}`];
  if (char === "'") forms.unshift("'\\\\''");
  return `(?:${forms.join('|')})`;
}

function hexByte(byte: number): string {
  const digits = byte.toString(16).padStart(2, '0');
  return `%(?:${digits}|${digits.toUpperCase()})`;
}
