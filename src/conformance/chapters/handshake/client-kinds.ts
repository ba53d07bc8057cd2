// Clients of every kind: the complete handshakes of browsers, command-line clients and libraries, in their order and case
// of names, some behind proxies and with cookies. A hub that knows its clients by a header treats some of them otherwise.
import { createClientHandshake, PLAIN_HANDSHAKE } from '../../inputs/handshakes/client-handshake.ts';
import { describeExchange, type Exchange } from '../../lab/exchange.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';

const KINDS = [
  { client: 'chrome', proxy: 'two-proxies', cookies: 'many' },
  { client: 'firefox', cookies: 'one' },
  { client: 'safari', proxy: 'forwarded' },
  { client: 'curl', proxy: 'via' },
  { client: 'go' },
  { client: 'python', proxy: 'x-real-ip' },
  { client: 'node', proxy: 'one-proxy' },
  { client: 'gateway', proxy: 'x-forwarded-for' },
] as const;
/** A hub may refuse it (431), but not let it in and forget it. */
const WITH_LONG_COOKIES = { client: 'chrome', cookies: 'large' } as const;

type Kind = (typeof KINDS)[number] | typeof WITH_LONG_COOKIES;

function describeKind(kind: Kind): string {
  return `the headers of ${kind.client}${kind === WITH_LONG_COOKIES ? ', with 3 KiB of cookies' : ''}${'proxy' in kind ? `, behind a proxy (${kind.proxy})` : ''}`;
}

function handshakeOf(lab: Lab, kind: Kind) {
  return createClientHandshake(lab.connectAs, { ...PLAIN_HANDSHAKE, ...kind }, lab.settings.allowedOrigins);
}

/** One client of every kind, past the join barrier. A kind that the hub refuses is left out: handshake.tokens-any-case fails for it. */
export async function witnessesOfEveryKind(lab: Lab): Promise<readonly LabClient[]> {
  const clients = [await lab.connect()];
  for (const kind of [...KINDS, WITH_LONG_COOKIES]) {
    const dialed = await lab.tryConnect({ request: handshakeOf(lab, kind) });
    if (dialed.ok) clients.push(dialed.client);
    lab.note(
      dialed.ok
        ? `client ${dialed.client.name}: ${describeKind(kind)}`
        : `left out: ${describeKind(kind)}: ${dialed.problem}`,
    );
  }
  await lab.join(clients);
  return clients;
}

/** What the hub answers, for each kind that it does not let in. */
export async function findRefusedKinds(
  lab: Lab,
): Promise<readonly { readonly text: string; readonly exchange: Exchange }[]> {
  const refused: { readonly text: string; readonly exchange: Exchange }[] = [];
  for (const kind of KINDS) {
    const exchange = await lab.exchange(handshakeOf(lab, kind).bytes);
    const text = `${describeKind(kind)}: ${describeExchange(exchange)}`;
    lab.note(text);
    if (exchange.kind === 'answer') exchange.connection.destroy();
    if (exchange.kind !== 'answer' || exchange.response.status !== 101) refused.push({ text, exchange });
  }
  return refused;
}
