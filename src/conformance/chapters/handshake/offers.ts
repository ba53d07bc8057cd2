// Subprotocols and extensions: a hub may take only what was offered (RFC 6455 4.2.2).
import type { Check } from '../../check.ts';
import { type Breach, type Finding, fail, pass, warn } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import { type Attempt, attempt } from './attempt.ts';

const DEADLINE_MILLIS = 60_000;
const SUBPROTOCOLS: readonly string[] = ['norn-a.v1', 'norn-b.v2'];

function headerOf({ exchange }: Attempt, name: string): string | undefined {
  const value = exchange.kind === 'answer' ? exchange.response.headers[name.toLowerCase()] : undefined;
  return value === undefined || value.trim() === '' ? undefined : value;
}

interface Offer {
  readonly header: string;
  readonly value: string;
  /** What is wrong with the answer to the offer. */
  readonly findBad: (chosen: string) => Breach | undefined;
  /** The finding when the hub refuses the handshake because of the offer. */
  readonly whenRefused: (breach: Breach) => Finding;
}

/** Two handshakes, without the header and with it: nothing may be chosen in the first, `findBad` judges the second. */
async function judgeOffer(lab: Lab, { header, value, findBad, whenRefused }: Offer): Promise<Finding> {
  const plain = await attempt(lab, { name: 'no offer', change: {} });
  if (plain.status !== 101) return fail({ expected: 'HTTP 101', got: plain.text });
  const unrequested = headerOf(plain, header);
  const isOffered =
    header === 'Sec-WebSocket-Protocol' && lab.connectAs.subprotocols?.includes(unrequested ?? '');
  if (unrequested !== undefined && !isOffered) return fail({ expected: `no ${header}`, got: unrequested });

  const offered = await attempt(lab, { name: `offer ${value}`, change: { headers: { [header]: value } } });
  if (offered.status !== 101)
    return whenRefused({
      expected: 'HTTP 101: a hub may ignore what a client offers',
      got: offered.text,
    });
  const chosen = headerOf(offered, header);
  const bad = chosen === undefined ? undefined : findBad(chosen);
  return bad === undefined ? pass() : fail(bad);
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
    'Browsers fail the connection when the answer names a subprotocol they did not offer. One handshake offers none, the other two invented ones: the answer may name none, or one of the two. A hub that refuses the handshake with the offers, instead of ignoring them, gets a warning.',
  isolation: 'shared',
  turn: 'quiet',
  run: (lab) =>
    judgeOffer(lab, {
      header: 'Sec-WebSocket-Protocol',
      value: SUBPROTOCOLS.join(', '),
      findBad: (chosen) =>
        SUBPROTOCOLS.includes(chosen)
          ? undefined
          : { expected: `none, or one of ${SUBPROTOCOLS.join(', ')}`, got: chosen },
      // Dashboards offer no subprotocol, and RFC 6455 4.2.2 lets a server refuse.
      whenRefused: warn,
    }),
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
  turn: 'quiet',
  run: (lab) =>
    judgeOffer(lab, {
      header: 'Sec-WebSocket-Extensions',
      value: 'permessage-deflate',
      findBad(chosen) {
        const others = chosen
          .split(',')
          .map((extension) => extension.split(';')[0]?.trim().toLowerCase() ?? '')
          .filter((name) => name !== '' && name !== 'permessage-deflate');
        return others.length === 0 ? undefined : { expected: 'none, or permessage-deflate', got: chosen };
      },
      // Every browser makes this offer.
      whenRefused: fail,
    }),
};
