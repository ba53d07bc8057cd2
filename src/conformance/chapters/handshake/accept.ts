// The accepted handshake: what lets a client in, and what the 101 must say (RFC 6455 4.2).
import type { Check } from '../../check.ts';
import { FACTS, fail, listSome, pass, skip } from '../../finding.ts';
import { describeExchange } from '../../lab/exchange.ts';
import { encodeHandshake } from '../../lab/handshake-bytes.ts';
import { attempt, attemptAll, basisOfExchanges, type Variant } from './attempt.ts';
import { findRefusedKinds } from './client-kinds.ts';

const DEADLINE_MILLIS = 90_000;

export const acceptKey: Check = {
  id: 'handshake.accept-key',
  chapter: 'handshake',
  title: 'a correct handshake is answered with 101 and the accept value of its key',
  level: 'must',
  clause: {
    source: 'RFC 6455 4.2.2',
    quote:
      'The value of this header field is constructed by concatenating /key/, defined above in step 4 in Section 4.2.2, with the string "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", taking the SHA-1 hash of this concatenated value to obtain a 20-byte value and base64-encoding (see Section 4 of [RFC4648]) this 20-byte hash.',
  },
  needs: [],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'A client that gets a wrong accept value must fail the connection, so no browser connects at all. The check makes four handshakes: with the key of the RFC, with two random keys, which reveal a constant answer, and with one full of + and /, which an intermediary may decode or encode. The Upgrade and Connection headers of the answer are compared without case.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const random = [1, 2].map(() => lab.random.bytes(16).toString('base64'));
    const keys = ['dGhlIHNhbXBsZSBub25jZQ==', ...random, '++//+/+/+//++/++/+//+w=='];
    for (const key of keys) {
      const request = encodeHandshake(lab.url, { key });
      const answer = await lab.exchange(request.bytes);
      if (answer.kind !== 'answer' || answer.response.status !== 101) {
        return fail(
          { expected: 'HTTP 101', got: describeExchange(answer) },
          basisOfExchanges([{ exchange: answer }]),
        );
      }
      const { headers } = answer.response;
      const accept = headers['sec-websocket-accept'];
      lab.note(`key ${key}: accept ${accept ?? 'absent'}`);
      if (accept !== request.expectedAccept) {
        const expected = `Sec-WebSocket-Accept: ${request.expectedAccept} for the key ${key}`;
        return fail({ expected, got: accept ?? 'no such header' }, FACTS);
      }
      const problem = findBadUpgrade(headers);
      if (problem !== undefined)
        return fail({ expected: 'Upgrade: websocket and Connection: Upgrade', got: problem }, FACTS);
    }
    return pass();
  },
};

function findBadUpgrade(headers: Readonly<Record<string, string>>): string | undefined {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return `Upgrade: ${headers.upgrade ?? '(absent)'}`;
  const tokens = (headers.connection ?? '').split(',').map((token) => token.trim().toLowerCase());
  return tokens.includes('upgrade') ? undefined : `Connection: ${headers.connection ?? '(absent)'}`;
}

const ANY_CASE: readonly Variant[] = [
  {
    name: 'Connection: keep-alive, Upgrade (as Firefox writes it)',
    change: { headers: { Connection: 'keep-alive, Upgrade' } },
  },
  // A list may be in any order, and its blanks may be missing (RFC 9110 5.6.1).
  { name: 'Connection: Upgrade, keep-alive', change: { headers: { Connection: 'Upgrade, keep-alive' } } },
  { name: 'Connection: keep-alive,Upgrade', change: { headers: { Connection: 'keep-alive,Upgrade' } } },
  { name: 'Connection: upgrade', change: { headers: { Connection: 'upgrade' } } },
  { name: 'Connection: UPGRADE', change: { headers: { Connection: 'UPGRADE' } } },
  { name: 'Upgrade: WebSocket', change: { headers: { Upgrade: 'WebSocket' } } },
  {
    name: 'header names in lower case',
    change: {
      headers: {
        Upgrade: undefined,
        Connection: undefined,
        'Sec-WebSocket-Version': undefined,
        'Sec-WebSocket-Key': undefined,
      },
      extraHeaders: [
        ['sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ=='],
        ['upgrade', 'websocket'],
        ['connection', 'Upgrade'],
        ['sec-websocket-version', '13'],
      ],
    },
  },
];

export const tokensInAnyCase: Check = {
  id: 'handshake.tokens-any-case',
  chapter: 'handshake',
  title: 'the tokens of Upgrade and Connection are accepted in any case and in lists',
  level: 'must',
  clause: {
    source: 'RFC 6455 4.2.1',
    quote:
      'A |Connection| header field that includes the token "Upgrade", treated as an ASCII case-insensitive value.',
  },
  needs: [],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'Browsers and proxies differ in how they write these headers: Firefox sends "keep-alive, Upgrade", others use lower case. A hub that compares them literally works with one browser and fails with another. The check sends seven spellings, and the complete handshakes of browsers, command-line clients and libraries, with the headers of proxies; each must be answered with 101.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const refused = (await attemptAll(lab, ANY_CASE)).filter(({ status }) => status !== 101);
    const all = [...refused, ...(await findRefusedKinds(lab))];
    if (all.length === 0) return pass();
    const got = listSome(all.map(({ text }) => text));
    return fail({ expected: 'HTTP 101 to every spelling and every client', got }, basisOfExchanges(all));
  },
};

export const noCredentials: Check = {
  id: 'handshake.no-credentials',
  chapter: 'handshake',
  title: 'no credentials are required, and any that are sent are ignored',
  level: 'must',
  clause: {
    source: 'protocol: Connection',
    quote: 'No authentication is required for WebSocket connections (excluded from auth middleware).',
  },
  needs: [],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'Browsers cannot add an Authorization header to a WebSocket, so a hub behind auth middleware locks the dashboard out. Handshakes without credentials, with a made-up Authorization header and with an expired-looking cookie must all be answered with 101. Not judged where the clients of the run have credentials of their own, because something in front of the hub wants them.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const { secrets = [] } = lab.connectAs;
    if (secrets.length > 0) return skip('the clients of this run have credentials of their own');
    const attempts = await attemptAll(lab, [
      { name: 'no credentials', change: {} },
      { name: 'a made-up bearer token', change: { headers: { Authorization: 'Bearer not-a-token' } } },
      { name: 'a made-up session cookie', change: { headers: { Cookie: 'session=0; theme=dark' } } },
    ]);
    const refused = attempts.filter(({ status }) => status !== 101);
    if (refused.length === 0) return pass();
    const got = listSome(refused.map(({ text }) => text));
    return fail({ expected: 'HTTP 101 whatever the credentials', got }, basisOfExchanges(refused));
  },
};

export const requestInPieces: Check = {
  id: 'handshake.request-in-pieces',
  chapter: 'handshake',
  title: 'a request that arrives in pieces, or carries large headers, is accepted',
  level: 'must',
  clause: {
    source: 'RFC 6455 4.2.1',
    quote: "The client's opening handshake consists of the following parts.",
  },
  needs: [],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'TCP keeps bytes in order and nothing else: a request may arrive in any number of segments, and browsers add the cookies of localhost, which are often several KiB. A hub that reads the request with a single read fails occasionally, for some users. The check sends the request in 12 pieces, and once with 3 KiB of cookies and 3 KiB of other headers; both must be answered with 101.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const cookie = `c=${'x'.repeat(3_000)}`;
    const attempts = [
      await attempt(lab, { name: 'in 12 pieces', change: {} }, 12),
      await attempt(lab, {
        name: 'with 3 KiB of cookies and 3 KiB of other headers',
        change: { headers: { Cookie: cookie, 'X-Forwarded-Client': 'x'.repeat(3_000) } },
      }),
    ];
    const refused = attempts.filter(({ status }) => status !== 101);
    if (refused.length === 0) return pass();
    const got = listSome(refused.map(({ text }) => text));
    return fail({ expected: 'HTTP 101', got }, basisOfExchanges(refused));
  },
};
