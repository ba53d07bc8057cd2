// The origin rule, checked once per run with what browsers can send (protocol, "Origin Checking").
import { connectAs, FIRST_CLIENT, type HubAccess } from '../../target/identity/client-identity.ts';
import type { Clock } from '../../time/clock.ts';
import type { ConnectAs } from '../../wire/connection.ts';
import { openConnection } from '../../wire/open-connection.ts';
import type { OriginOutcome } from '../result/result.ts';

const CASES: readonly (readonly [origin: string | null, expected: OriginOutcome['expected']])[] = [
  [null, 'allowed'],
  ['http://localhost:5173', 'allowed'],
  ['http://127.0.0.1:4000', 'allowed'],
  ['http://[::1]:4000', 'allowed'],
  ['https://evil.example', 'refused'],
  ['http://localhost.evil.example', 'refused'],
  ['null', 'refused'],
];
const DEADLINE_MILLIS = 10_000;

export type OriginProbe =
  | { readonly isReached: true; readonly outcomes: OriginOutcome[] }
  /** No dial opened: this is no WebSocket hub, or it does not answer. */
  | { readonly isReached: false; readonly problem: string };

/** Dials once with each origin; a connection that opens is reset at once. */
export async function probeOrigins(hub: HubAccess, clock: Clock): Promise<OriginProbe> {
  const dials = await Promise.all(CASES.map(([origin, expected]) => dial(hub, origin, expected, clock)));
  const outcomes = dials.map(({ outcome }) => outcome);
  if (outcomes.some(({ status }) => status === 101)) return { isReached: true, outcomes };
  return { isReached: false, problem: dials[0]?.problem ?? `no answer from ${hub.url}` };
}

async function dial(
  hub: HubAccess,
  origin: string | null,
  expected: OriginOutcome['expected'],
  clock: Clock,
): Promise<{ outcome: OriginOutcome; problem?: string }> {
  const opened = await openConnection({
    ...withOrigin(connectAs(hub, FIRST_CLIENT), origin),
    clock,
    deadlineMillis: DEADLINE_MILLIS,
    listener: { onBytes() {}, onClosed() {} },
  });
  if (opened.ok) opened.connection.reset();
  const status = opened.ok ? 101 : (opened.response?.status ?? null);
  const outcome = { origin, expected, status, ok: opened.ok === (expected === 'allowed') };
  return opened.ok ? { outcome } : { outcome, problem: opened.problem };
}

/** The Origin alone differs from what the clients of the run send. */
function withOrigin(client: ConnectAs, origin: string | null): ConnectAs {
  const others = (client.headers ?? []).filter(([name]) => name !== 'Origin');
  return { ...client, headers: origin === null ? others : [...others, ['Origin', origin]] };
}
