// Foreign origins whose request looks acceptable for another reason: credentials, a header name in another case, a second
// Origin header, or a Host header with the same name. Each must be refused all the same.
import { requestUrlOf } from '../../../wire/hub-address.ts';
import { encodeHandshake, type HandshakeLines } from '../../lab/handshake-bytes.ts';
import { FOREIGN_ORIGIN, tryHandshake, tryOrigin } from './origin-attempt.ts';
import { refusedCheck } from './refused-check.ts';

export const credentialsChangeNothing = refusedCheck(
  {
    id: 'origin.credentials-change-nothing',
    title: 'a foreign origin is refused even with credentials',
    explain:
      "The browser adds the hub's cookies to a handshake from any page, which makes cross-site WebSocket hijacking possible. A hub that takes a session as proof of the page's origin accepts exactly the pages that do harm. The check sends a foreign origin with a cookie, with an Authorization header, and with a token in the query.",
  },
  async (lab) => {
    const { pathname } = requestUrlOf(lab.url);
    const accepted: string[] = [];
    for (const [name, change] of [
      ['a cookie', { headers: { Cookie: 'session=0; theme=dark' } }],
      ['an Authorization header', { headers: { Authorization: 'Bearer not-a-token' } }],
      ['a token in the query', { requestTarget: `${pathname}?token=not-a-token` }],
    ] as const) {
      const extraHeaders = [['Origin', FOREIGN_ORIGIN]] as const;
      const { bytes } = encodeHandshake(lab.url, { ...change, extraHeaders });
      const attempt = await tryHandshake(lab, bytes, `Origin: ${FOREIGN_ORIGIN} with ${name}`);
      if (attempt.outcome === 'accepted') accepted.push(attempt.text);
    }
    return accepted;
  },
);

export const headerNameInAnyCase = refusedCheck(
  {
    id: 'origin.header-any-case',
    title: 'the Origin header is recognized in any case',
    explain:
      'Header names are case-insensitive, and proxies change their case. A hub that looks only for "Origin" accepts "origin: http://evil.example".',
  },
  async (lab) => {
    for (const name of ['origin', 'ORIGIN', 'oRiGiN']) {
      const attempt = await tryOrigin(lab, FOREIGN_ORIGIN, [[name, FOREIGN_ORIGIN]]);
      if (attempt.outcome === 'accepted') return [attempt.text];
    }
    return [];
  },
);

export const severalHeaders = refusedCheck(
  {
    id: 'origin.several-headers',
    title: 'a local Origin header does not override a foreign one',
    explain:
      'No browser sends two. A hub that accepts a client because any of them matches can be bypassed through a proxy that adds one. The foreign one comes first here; a hub that reads only the first, refuses both or joins them passes.',
  },
  async (lab) => {
    const both = await tryOrigin(lab, 'two', [
      ['Origin', FOREIGN_ORIGIN],
      ['Origin', 'http://localhost:3000'],
    ]);
    return both.outcome === 'accepted' ? [both.text] : [];
  },
);

/** Headers in which a proxy names the host that the page asked for: any client can write them, too. */
const NAMED_BY_PROXY = [
  ['X-Forwarded-Host', 'evil.example'],
  ['X-Original-Host', 'evil.example'],
  ['X-Forwarded-Server', 'evil.example'],
  ['Forwarded', 'for=203.0.113.7;host=evil.example;proto=http'],
] as const;

export const sameHostRefused = refusedCheck(
  {
    id: 'origin.same-host-refused',
    title: 'a foreign origin is refused even when the Host header, or a header of a proxy, names it',
    explain:
      'The owner of evil.example can point that name at 127.0.0.1 (DNS rebinding): the page then sends its own name in both Origin and Host. Libraries that compare the two by default accept it, or compare the origin with what a proxy says of the host (X-Forwarded-Host, Forwarded), which any client can write; the rule has no such clause.',
  },
  async (lab) => {
    const host = `evil.example:${requestUrlOf(lab.url).port}`;
    const requests: readonly (readonly [what: string, change: HandshakeLines])[] = [
      [`Host and Origin ${host}`, { headers: { Host: host, Origin: `http://${host}` } }],
      ...NAMED_BY_PROXY.map(
        ([name, value]) =>
          [
            `${name}: ${value} and Origin ${FOREIGN_ORIGIN}`,
            { headers: { Origin: FOREIGN_ORIGIN, [name]: value } },
          ] as const,
      ),
    ];
    const accepted: string[] = [];
    for (const [what, change] of requests) {
      const attempt = await tryHandshake(lab, encodeHandshake(lab.url, change).bytes, what);
      if (attempt.outcome === 'accepted') accepted.push(attempt.text);
    }
    return accepted;
  },
);
