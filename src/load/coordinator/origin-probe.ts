// The origin rule, checked once per run with what browsers can send (protocol, "Origin Checking").
import { connectAs, FIRST_CLIENT, type HubAccess } from '../../target/identity/client-identity.ts';
import type { Clock } from '../../time/clock.ts';
import type { ConnectAs, Refusal } from '../../wire/connection.ts';
import { openConnection } from '../../wire/open-connection.ts';
import type { LoadPlan } from '../plan/plan.ts';
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
  /** No dial opened. `isFinal`: no client of the run can do better, as this is no WebSocket hub, or it does not answer. */
  | { readonly isReached: false; readonly isFinal: boolean; readonly problem: string };

/** Of a hub, or of what stands before it, that is busy; another client may be let in. */
const PASSING_CAUSES = ['429', '502', '503', '504'];

/** Dials once with each origin, as the first client of the plan; a connection that opens is reset at once. */
export async function probeOrigins(
  hub: HubAccess,
  { cohorts }: Pick<LoadPlan, 'cohorts'>,
  clock: Clock,
): Promise<OriginProbe> {
  const as = connectAs(hub, { ...FIRST_CLIENT, cohort: cohorts[0]?.name ?? FIRST_CLIENT.cohort });
  const dials = await Promise.all(CASES.map(([origin, expected]) => dial(as, origin, expected, clock)));
  const outcomes = dials.map(({ outcome }) => outcome);
  if (outcomes.some(({ status }) => status === 101)) return { isReached: true, outcomes };
  const refusals = dials.flatMap(({ refusal }) => (refusal ? [refusal] : []));
  const isPassing = refusals.some(({ cause }) => PASSING_CAUSES.includes(cause));
  return {
    isReached: false,
    isFinal: hub.identity === undefined && !isPassing,
    problem: refusals[0]?.problem ?? `no answer from ${hub.url}`,
  };
}

async function dial(
  as: ConnectAs,
  origin: string | null,
  expected: OriginOutcome['expected'],
  clock: Clock,
): Promise<{ outcome: OriginOutcome; refusal?: Refusal }> {
  const opened = await openConnection({
    ...withOrigin(as, origin),
    clock,
    deadlineMillis: DEADLINE_MILLIS,
    listener: { onBytes() {}, onClosed() {} },
  });
  if (opened.ok) opened.connection.reset();
  const status = opened.ok ? 101 : (opened.response?.status ?? null);
  const outcome = { origin, expected, status, ok: opened.ok === (expected === 'allowed') };
  return opened.ok ? { outcome } : { outcome, refusal: opened };
}

/** The Origin alone differs from what the clients of the run send. */
function withOrigin(client: ConnectAs, origin: string | null): ConnectAs {
  const others = (client.headers ?? []).filter(([name]) => name !== 'Origin');
  return { ...client, headers: origin === null ? others : [...others, ['Origin', origin]] };
}
