// Subprotocols and extensions: a hub may take only what was offered (RFC 6455 4.2.2).
import type { Check } from '../../check.ts';
import { type Finding, fail, pass } from '../../finding.ts';
import { type Attempt, attempt } from './attempt.ts';

const DEADLINE_MILLIS = 60_000;

function headerOf({ exchange }: Attempt, name: string): string | undefined {
  const value = exchange.kind === 'answer' ? exchange.response.headers[name] : undefined;
  return value === undefined || value.trim() === '' ? undefined : value;
}

function notAccepted({ text }: Attempt): Finding {
  return fail({ expected: 'HTTP 101: a hub need not accept what a client offers', got: text });
}

export const noUnrequestedSubprotocol: Check = {
  id: 'handshake.no-unrequested-subprotocol',
  chapter: 'handshake',
  title: 'the answer names no subprotocol that the client did not offer',
  level: 'must',
  clause: {
    source: 'RFC 6455 4.2.2',
    quote:
      "The value chosen MUST be derived from the client's handshake, specifically by selecting one of the values from the |Sec-WebSocket-Protocol| field that the server is willing to use for this connection (if any).",
  },
  needs: [],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'Browsers fail the connection when the answer names a subprotocol they did not offer. One handshake offers none, the other two invented ones: the answer may name none, or one of the two.',
  isolation: 'shared',
  async run(lab) {
    const plain = await attempt(lab, { name: 'no offer', change: {} });
    if (plain.status !== 101) return notAccepted(plain);
    const unasked = headerOf(plain, 'sec-websocket-protocol');
    if (unasked !== undefined) return fail({ expected: 'no Sec-WebSocket-Protocol', got: unasked });

    const offer = ['norn-a.v1', 'norn-b.v2'];
    const offered = await attempt(lab, {
      name: `offer ${offer.join(', ')}`,
      change: { headers: { 'Sec-WebSocket-Protocol': offer.join(', ') } },
    });
    if (offered.status !== 101) return notAccepted(offered);
    const chosen = headerOf(offered, 'sec-websocket-protocol');
    if (chosen === undefined || offer.includes(chosen)) return pass();
    return fail({ expected: `none, or one of ${offer.join(', ')}`, got: chosen });
  },
};

export const noUnrequestedExtension: Check = {
  id: 'handshake.no-unrequested-extension',
  chapter: 'handshake',
  title: 'the answer names no extension that the client did not offer',
  level: 'must',
  clause: {
    source: 'RFC 6455 4.2.2',
    quote: 'Extensions not listed by the client MUST NOT be listed.',
  },
  needs: [],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'A client without compression would receive compressed frames that it cannot read, or fail the connection as browsers do. One handshake offers nothing, the other permessage-deflate: only the second may be answered with an extension, and only with that one.',
  isolation: 'shared',
  async run(lab) {
    const plain = await attempt(lab, { name: 'no offer', change: {} });
    if (plain.status !== 101) return notAccepted(plain);
    const unasked = headerOf(plain, 'sec-websocket-extensions');
    if (unasked !== undefined) return fail({ expected: 'no Sec-WebSocket-Extensions', got: unasked });

    const offered = await attempt(lab, {
      name: 'offer permessage-deflate',
      change: { headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate' } },
    });
    if (offered.status !== 101) return notAccepted(offered);
    const chosen = headerOf(offered, 'sec-websocket-extensions') ?? '';
    const others = chosen
      .split(',')
      .map((extension) => extension.split(';')[0]?.trim().toLowerCase() ?? '')
      .filter((name) => name !== '' && name !== 'permessage-deflate');
    if (others.length === 0) return pass();
    return fail({ expected: 'none, or permessage-deflate', got: chosen });
  },
};
