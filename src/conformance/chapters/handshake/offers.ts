// Subprotocols and extensions: a hub may take only what was offered (RFC 6455 4.2.2).
import type { Check } from '../../check.ts';
import { type Breach, FACTS, type Finding, type FindingExtras, fail, pass, warn } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import { type Attempt, attempt, basisOfExchanges } from './attempt.ts';

const DEADLINE_MILLIS = 60_000;
const SUBPROTOCOLS: readonly string[] = ['norn-a.v1', 'norn-b.v2'];

function headerOf({ exchange }: Attempt, name: string): string | undefined {
  const value = exchange.kind === 'answer' ? exchange.response.headers[name.toLowerCase()] : undefined;
  return value === undefined || value.trim() === '' ? undefined : value;
}

interface Offer {
  readonly value: string;
  /** What is wrong with the answer to the offer. */
  readonly findBad: (chosen: string) => Breach | undefined;
  /** The finding when the hub refuses the handshake because of the offer. */
  readonly whenRefused: (breach: Breach, extras: FindingExtras) => Finding;
}

/** A handshake without the header, in which nothing may be chosen, and one with each of the offers. */
async function judgeOffers(lab: Lab, header: string, offers: readonly Offer[]): Promise<Finding> {
  const plain = await attempt(lab, { name: 'no offer', change: {} });
  if (plain.status !== 101) return fail({ expected: 'HTTP 101', got: plain.text }, basisOfExchanges([plain]));
  const unrequested = headerOf(plain, header);
  const isOffered =
    header === 'Sec-WebSocket-Protocol' && lab.connectAs.subprotocols?.includes(unrequested ?? '');
  if (unrequested !== undefined && !isOffered)
    return fail({ expected: `no ${header}`, got: unrequested }, FACTS);
  let worst = pass();
  for (const offer of offers) {
    const found = await judgeOffer(lab, header, offer);
    if (found.verdict === 'fail') return found;
    if (found.verdict !== 'pass') worst = found;
  }
  return worst;
}

async function judgeOffer(
  lab: Lab,
  header: string,
  { value, findBad, whenRefused }: Offer,
): Promise<Finding> {
  const offered = await attempt(lab, { name: `offer ${value}`, change: { headers: { [header]: value } } });
  if (offered.status !== 101)
    return whenRefused(
      { expected: 'HTTP 101: a hub may ignore what a client offers', got: offered.text },
      basisOfExchanges([offered]),
    );
  const chosen = headerOf(offered, header);
  const bad = chosen === undefined ? undefined : findBad(chosen);
  return bad === undefined ? pass() : fail(bad, FACTS);
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
    judgeOffers(lab, 'Sec-WebSocket-Protocol', [
      {
        value: SUBPROTOCOLS.join(', '),
        findBad: (chosen) =>
          SUBPROTOCOLS.includes(chosen)
            ? undefined
            : { expected: `none, or one of ${SUBPROTOCOLS.join(', ')}`, got: chosen },
        // Dashboards offer no subprotocol, and RFC 6455 4.2.2 lets a server refuse.
        whenRefused: warn,
      },
    ]),
};

/** Of a browser, of older ones, and of none. */
const EXTENSIONS = ['permessage-deflate', 'x-webkit-deflate-frame', 'x-one; level=9, x-two'];

const namesIn = (extensions: string): string[] =>
  extensions
    .split(',')
    .map((extension) => extension.split(';')[0]?.trim().toLowerCase() ?? '')
    .filter((name) => name !== '');

const offerOf = (value: string): Offer => ({
  value,
  findBad: (chosen) =>
    namesIn(chosen).every((name) => namesIn(value).includes(name))
      ? undefined
      : { expected: `nothing but what was offered: ${value}`, got: chosen },
  // Every browser offers permessage-deflate.
  whenRefused: value === EXTENSIONS[0] ? fail : warn,
});

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
    'A client without compression would receive compressed frames that it cannot read, or fail the connection as browsers do. One handshake offers nothing, one permessage-deflate, and two only other extensions: each may be answered only with what it offered.',
  isolation: 'shared',
  turn: 'quiet',
  run: (lab) => judgeOffers(lab, 'Sec-WebSocket-Extensions', EXTENSIONS.map(offerOf)),
};
