// Knocking at the hub with an Origin header: who gets in, who is turned away and how. Every check of the chapter has a
// control, because a hub that lets nobody in refuses nothing, and one that lets everybody in allows nothing.
import { CheckEnded, fail, skip } from '../../finding.ts';
import { describeExchange } from '../../lab/exchange.ts';
import { encodeHandshake } from '../../lab/handshake-bytes.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';

export interface Knock {
  readonly origin: string;
  /** accepted: 101; refused: another status; dropped: the end without an answer; silent: neither. */
  readonly outcome: 'accepted' | 'refused' | 'dropped' | 'silent';
  readonly status: number | undefined;
  readonly text: string;
}

/** One handshake; `headers` are the Origin headers in their order. The connection is ended at once. */
export async function knock(
  lab: Lab,
  origin: string,
  headers: readonly (readonly [string, string])[] = [['Origin', origin]],
): Promise<Knock> {
  const exchange = await lab.exchange(encodeHandshake(lab.url, { extraHeaders: headers }).bytes);
  const shown = headers.map(([name, value]) => `${name}: ${value}`).join(' + ');
  const text = `${shown}: ${describeExchange(exchange)}`;
  lab.note(text);
  if (exchange.kind === 'answer') {
    const { status } = exchange.response;
    exchange.connection.destroy();
    return { origin, outcome: status === 101 ? 'accepted' : 'refused', status, text };
  }
  const outcome = exchange.kind === 'silence' ? 'silent' : 'dropped';
  return { origin, outcome, status: undefined, text };
}

const KNOCKS_AT_ONCE = 8;

export async function knockAll(lab: Lab, origins: readonly string[]): Promise<Knock[]> {
  const knocks: Knock[] = [];
  for (let at = 0; at < origins.length; at += KNOCKS_AT_ONCE) {
    knocks.push(
      ...(await Promise.all(origins.slice(at, at + KNOCKS_AT_ONCE).map((origin) => knock(lab, origin)))),
    );
  }
  return knocks;
}

/**
 * Control: a client that is no browser gets in, and takes part where the hub can be made to broadcast. Ends the check as
 * skipped when not: origin.absent-allowed is the check that blames a hub for it.
 */
export async function openControl(lab: Lab): Promise<LabClient> {
  try {
    return await openWithoutOrigin(lab);
  } catch (ended) {
    if (!(ended instanceof CheckEnded)) throw ended;
    throw new CheckEnded(skip(`the control, a client without Origin, is not served: ${ended.message}`));
  }
}

export async function openWithoutOrigin(lab: Lab): Promise<LabClient> {
  const client = await lab.connect();
  if (lab.abilities.broadcast) await lab.join([client]);
  else if (!(await client.ping('control'))) {
    throw new CheckEnded(fail({ expected: 'a client without Origin is served', got: 'it receives no Pong' }));
  }
  return client;
}

/** Ends the check when a plainly foreign page gets in: then being let in says nothing about this origin or that. */
export async function requireOriginChecking(lab: Lab): Promise<void> {
  const foreign = await knock(lab, FOREIGN_ORIGIN);
  if (foreign.outcome !== 'accepted') return;
  throw new CheckEnded(
    skip('the hub accepts any origin (see origin.foreign-refused), so accepting these proves nothing'),
  );
}

export const FOREIGN_ORIGIN = 'http://evil.example';
