// Origins of a list: an entry that no browser ever sends would be compared in vain, so it is refused with what to write instead.
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { type Option, repeatable } from './option.ts';

export const origins = (describe: string): Option<readonly string[]> =>
  repeatable(describe, 'ORIGIN', parseOrigin);

const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** An origin as browsers serialize it: scheme, host, and a port that is not the default one; or `null`. */
export function parseOrigin(text: string): Parsed<string> {
  if (text === 'null') return parsed(text);
  if (text.includes('*'))
    return unparsed(`origins are compared whole, without wildcards: list each one, instead of "${text}"`);
  const written = serialize(text);
  if (written === text) return parsed(text);
  const hint = written === undefined ? 'such as https://dash.example.com' : `write ${written} instead`;
  return unparsed(`expected an origin as browsers send it, ${hint}; got "${text}"`);
}

/** What a browser sends for a page of this address; undefined when it is no address. */
function serialize(text: string): string | undefined {
  const url = toUrl(HAS_SCHEME.test(text) ? text : `https://${text}`);
  if (url === undefined || url.host === '') return undefined;
  // Only schemes of the web have an `origin` there; others keep their host as it is written.
  return url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin;
}

function toUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
