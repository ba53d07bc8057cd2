// Secrets that were given to a program: values of headers and of client data, bearer tokens, and the user part of any
// URL. All that is written for a person or a file passes `redact` once, at the edge, so no report has to know about secrets.

import { SecretTexts } from './secret-texts.ts';

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
  const texts = new SecretTexts();

  function add(value: string): void {
    for (const part of [value, ...partsOf(value)]) if (isSearchable(part)) texts.add(part);
  }

  return {
    add,
    addHeader: (header) => add(header.slice(header.indexOf(':') + 1).trim()),
    redact: (text) => texts.replaceIn(redactUserinfo(text), STARS),
  };
}

/** The secrets of this process. */
export const SECRETS = createSecrets();

/** `ws://user:password@host/` becomes `ws://***@host/`, wherever a URL stands in the text. */
export function redactUserinfo(text: string): string {
  return text.replace(/([a-z][a-z\d+.-]*:\\?\/\\?\/)[^\s/?#<>"]*@/gi, `$1${STARS}@`);
}

/**
 * One short word, such as a role in a column of the client data: reports, pages and the keys of JSON are full of such words,
 * which would not be the same text any more.
 */
export function isOrdinaryWord(value: string): boolean {
  return /^[a-z]{1,12}$/i.test(value);
}

/** Below this a text is hidden nowhere: it stands in every sentence. */
const LEAST_CHARS = 3;

/** Hides these texts, short ones too: for what a hub repeats of one client. */
export function hiderOf(hidden: readonly string[] = []): (text: string) => string {
  const texts = new SecretTexts();
  for (const one of hidden) if (one.length >= LEAST_CHARS) texts.add(one);
  return (text) => texts.replaceIn(text, STARS);
}

/** Whether a header of this name proves who somebody is, so that its value is never written. */
export function isSecretHeader(name: string): boolean {
  return /auth|cookie|token|secret|password|session|csrf|key$/i.test(name);
}

/** `Name: value` with the value hidden. */
export function redactHeader(header: string): string {
  const colon = header.indexOf(':');
  return colon < 0 ? STARS : `${header.slice(0, colon)}: ${STARS}`;
}

/** The value of a header that proves who somebody is, and the parts of it by which a hub may quote it. */
export function proofsOf(value: string): string[] {
  return [value, ...partsOf(value)].filter((part) => part !== '');
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
