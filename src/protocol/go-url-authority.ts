// The authority of a URL (`user@host:port`) as Go's net/url parses it: what may stand in a host, its brackets, zone and
// port. The rules changed over Go's versions, so the era is an argument.

/**
 * Go versions whose parsers differ. A: up to 1.24.7 and 1.25.1; B: 1.24.8 and later, 1.25.2 to 1.25.7, 1.26.0;
 * C: from 1.25.8 and 1.26.1 on (current); D: C with strict colons.
 */
export type GoUrlEra = 'A' | 'B' | 'C' | 'D';

export type GoHost =
  | { readonly ok: true; readonly hostname: string }
  | { readonly ok: false; readonly problem: string };

export const failed = (problem: string): GoHost => ({ ok: false, problem });

export function parseAuthority(authority: string, era: GoUrlEra): GoHost {
  const at = authority.lastIndexOf('@');
  const host = parseHost(at === -1 ? authority : authority.slice(at + 1), era);
  if (!host.ok || at === -1) return host;
  const userinfo = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userinfo)) return failed('net/url: invalid userinfo');
  return hasBadEscape(userinfo) ? failed('invalid URL escape in the userinfo') : host;
}

function parseHost(host: string, era: GoUrlEra): GoHost {
  const open = host.lastIndexOf('[');
  if (era === 'C' || era === 'D' ? open > 0 : false) return failed('invalid IP-literal');
  const isBracketed = era === 'A' ? host.startsWith('[') : open !== -1;
  if (isBracketed) return parseBracketed(host, era === 'A' ? 0 : open, era);
  // Without brackets the port starts at the first colon when colons are strict, else at the last.
  const colon = era === 'D' ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon !== -1 && !isPort(host.slice(colon))) {
    return failed(`invalid port ${JSON.stringify(host.slice(colon))} after host`);
  }
  return checkHost(host, false);
}

function parseBracketed(host: string, open: number, era: GoUrlEra): GoHost {
  const close = host.lastIndexOf(']');
  if (close === -1) return failed("missing ']' in host");
  if (!isPort(host.slice(close + 1)))
    return failed(`invalid port ${JSON.stringify(host.slice(close + 1))} after host`);
  const zone = host.slice(0, close).indexOf('%25');
  const checked = zone === -1 ? checkHost(host, false) : checkZoned(host, zone, close);
  if (!checked.ok || era === 'A') return checked;
  const literal = host.slice(open + 1, close);
  const address = zone === -1 ? literal : literal.slice(0, literal.indexOf('%25'));
  if (!isIPv6(address)) return failed('invalid IP-literal');
  // Era B looked only inside the last brackets and forgot what stood before them.
  if (era === 'B') return { ok: true, hostname: `[${unescape25(literal)}]${host.slice(close + 1)}` };
  return checked;
}

function checkZoned(host: string, zone: number, close: number): GoHost {
  const before = checkHost(host.slice(0, zone), false);
  const inZone = checkHost(host.slice(zone, close), true);
  const after = checkHost(host.slice(close), false);
  if (!before.ok) return before;
  if (!inZone.ok) return inZone;
  if (!after.ok) return after;
  return { ok: true, hostname: before.hostname + unescape25(inZone.hostname) + after.hostname };
}

function unescape25(text: string): string {
  return text.replaceAll('%25', '%');
}

// RFC 3986 and Go's own leniency: which bytes may stand in a host unescaped. Non-ASCII may.
const HOST_BYTES = /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"\u0080-\u{10ffff}]$/u;

function checkHost(host: string, isZone: boolean): GoHost {
  for (let i = 0; i < host.length; i++) {
    const char = String.fromCodePoint(host.codePointAt(i) ?? 0);
    if (char === '%') {
      const escaped = host.slice(i, i + 3);
      if (!/^%[0-9a-fA-F]{2}$/.test(escaped)) return failed(`invalid URL escape ${JSON.stringify(escaped)}`);
      // In a host only bytes beyond ASCII may be escaped, in a zone `%25` too.
      const byte = Number.parseInt(escaped.slice(1), 16);
      if (!isZone && byte < 0x80 && escaped !== '%25')
        return failed(`invalid URL escape ${JSON.stringify(escaped)}`);
      i += 2;
    } else if (!HOST_BYTES.test(char)) {
      return failed(`invalid character ${JSON.stringify(char)} in host name`);
    } else i += char.length - 1;
  }
  return { ok: true, hostname: isZone ? host : decodeHighEscapes(host) };
}

function decodeHighEscapes(host: string): string {
  if (!host.includes('%')) return host;
  return host.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** Whether this is empty, or a colon and digits. */
export function isPort(text: string): boolean {
  return text === '' || /^:[0-9]*$/.test(text);
}

/** Whether a percent sign is not followed by two hexadecimal digits. */
export function hasBadEscape(text: string): boolean {
  return /%(?![0-9a-fA-F]{2})/.test(text);
}

function isIPv6(text: string): boolean {
  if (!text.includes(':')) return false;
  return /^[0-9a-fA-F:.]+$/.test(text) && URL.canParse(`http://[${text}]/`);
}
