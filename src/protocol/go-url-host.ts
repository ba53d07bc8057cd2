// The host that Go's `url.Parse(text)` followed by `.Hostname()` finds: the protocol's own hub compares origins that
// way, and `new URL` differs (case folding, 127.1, backslashes, brackets). A port of net/url's parser, reduced to
// what decides the host or an error; the rules changed over Go's versions, so the era is an argument.
import {
  failed,
  type GoHost,
  type GoUrlEra,
  hasBadEscape,
  isPort,
  parseAuthority,
} from './go-url-authority.ts';

export function goHostname(text: string, era: GoUrlEra = 'C'): GoHost {
  const hash = text.indexOf('#');
  const beforeFragment = hash === -1 ? text : text.slice(0, hash);
  // Go does not search the fragment for control characters.
  if (hasControlCharacter(beforeFragment)) return failed('invalid control character in URL');
  const host = parseWithoutFragment(beforeFragment, era);
  if (!host.ok) return host;
  if (hash !== -1 && hasBadEscape(text.slice(hash + 1))) return failed('invalid URL escape in the fragment');
  return host;
}

function parseWithoutFragment(text: string, era: GoUrlEra): GoHost {
  if (text === '*') return { ok: true, hostname: '' };
  const scheme = splitScheme(text);
  if (!scheme.ok) return failed(scheme.problem);
  // An encoded query is not checked; only what stands before it is.
  const query = scheme.rest.indexOf('?');
  const rest = query === -1 ? scheme.rest : scheme.rest.slice(0, query);
  if (!rest.startsWith('/')) {
    if (scheme.name !== '') return { ok: true, hostname: '' }; // opaque, such as `localhost:3000`
    if ((rest.split('/')[0] ?? '').includes(':'))
      return failed('first path segment in URL cannot contain colon');
  }
  const hasAuthority = rest.startsWith('//') && (scheme.name !== '' || !rest.startsWith('///'));
  if (!hasAuthority)
    return hasBadEscape(rest) ? failed('invalid URL escape in the path') : { ok: true, hostname: '' };
  const slash = rest.indexOf('/', 2);
  const authority = slash === -1 ? rest.slice(2) : rest.slice(2, slash);
  const host = parseAuthority(authority, era);
  if (!host.ok) return host;
  if (slash !== -1 && hasBadEscape(rest.slice(slash))) return failed('invalid URL escape in the path');
  return { ok: true, hostname: stripPort(host.hostname) };
}

function splitScheme(
  text: string,
): { ok: true; name: string; rest: string } | { ok: false; problem: string } {
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (/[a-zA-Z]/.test(char)) continue;
    if (/[0-9+\-.]/.test(char)) {
      if (i === 0) break;
      continue;
    }
    if (char === ':') {
      return i === 0
        ? { ok: false, problem: 'missing protocol scheme' }
        : { ok: true, name: text.slice(0, i), rest: text.slice(i + 1) };
    }
    break;
  }
  return { ok: true, name: '', rest: text };
}

/** Go's URL.Hostname: the host without port and brackets. */
function stripPort(host: string): string {
  const colon = host.lastIndexOf(':');
  const withoutPort = colon !== -1 && isPort(host.slice(colon)) ? host.slice(0, colon) : host;
  return withoutPort.startsWith('[') && withoutPort.endsWith(']') ? withoutPort.slice(1, -1) : withoutPort;
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
