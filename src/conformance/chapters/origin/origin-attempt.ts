// Handshakes with an Origin header: which are accepted, which are refused, and how. Every check of the chapter has a
// control client, because a hub that accepts nobody refuses nothing, and one that accepts everybody allows nothing.
import { CheckEnded, FACTS, type FindingExtras, fail, skip } from '../../finding.ts';
import { describeExchange } from '../../lab/exchange.ts';
import { encodeHandshake } from '../../lab/handshake-bytes.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';

export const FOREIGN_ORIGIN = 'http://evil.example';

export interface OriginAttempt {
  /** accepted: 101; refused: another status; dropped: the end without an answer; silent: neither. */
  readonly outcome: 'accepted' | 'refused' | 'dropped' | 'silent';
  readonly status: number | undefined;
  readonly text: string;
}

/** One handshake; `what` names it in the evidence. The connection is closed at once. */
export async function tryHandshake(lab: Lab, bytes: Uint8Array, what: string): Promise<OriginAttempt> {
  const exchange = await lab.exchange(bytes);
  const text = `${what}: ${describeExchange(exchange)}`;
  lab.note(text);
  if (exchange.kind === 'answer') {
    const { status } = exchange.response;
    exchange.connection.destroy();
    return { outcome: status === 101 ? 'accepted' : 'refused', status, text };
  }
  return { outcome: exchange.kind === 'silence' ? 'silent' : 'dropped', status: undefined, text };
}

/** One handshake with the given Origin headers, in their order. */
export function tryOrigin(
  lab: Lab,
  origin: string,
  headers: readonly (readonly [string, string])[] = [['Origin', origin]],
): Promise<OriginAttempt> {
  const shown = headers.map(([name, value]) => `${name}: ${value}`).join(' + ');
  return tryHandshake(lab, encodeHandshake(lab.url, { extraHeaders: headers }).bytes, shown);
}

const ATTEMPTS_AT_ONCE = 8;

export async function tryOrigins(lab: Lab, origins: readonly string[]): Promise<OriginAttempt[]> {
  const attempts: OriginAttempt[] = [];
  for (let at = 0; at < origins.length; at += ATTEMPTS_AT_ONCE) {
    const batch = origins.slice(at, at + ATTEMPTS_AT_ONCE);
    attempts.push(...(await Promise.all(batch.map((origin) => tryOrigin(lab, origin)))));
  }
  return attempts;
}

/**
 * Control: a client without Origin is accepted, and joins where the kit can make the hub broadcast. Otherwise the check is
 * skipped: origin.absent-allowed is the check that fails the hub for it.
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

/** Skips the check when a foreign origin is accepted: then the hub accepts every origin, and accepting this one proves nothing. */
export async function requireOriginChecking(lab: Lab): Promise<void> {
  const foreign = await tryOrigin(lab, FOREIGN_ORIGIN);
  if (foreign.outcome !== 'accepted') return;
  throw new CheckEnded(
    skip('the hub accepts any origin (see origin.foreign-refused), so accepting these proves nothing'),
  );
}

/** A breach that some of these attempts show: one without an answer may have been late. */
export const basisOfAttempts = (shown: readonly OriginAttempt[]): FindingExtras =>
  shown.every(({ outcome }) => outcome === 'silent') ? {} : FACTS;
