// What a hub can be caught at: one kind for each rule of the protocol that a recording can show broken.
import type { LateWork } from '../../run/starvation/starved.ts';

const VIOLATION_KINDS = [
  'hub-dead',
  'publish-failed',
  'handshake-refused',
  'origin-accepted',
  'handshake-wrong',
  'illegal-frame',
  'stray-message',
  'damaged',
  'never-joined',
  'disconnected',
  'replayed',
  'lost',
  'duplicated',
  'reordered',
  'changed',
  'not-evicted',
  'late',
  'no-pong',
  'close-unanswered',
  'clients-left',
  'clients-uncounted',
  'descriptors-left',
  'memory-kept',
  'limit-uneven',
] as const;
export type ViolationKind = (typeof VIOLATION_KINDS)[number];

export function isViolationKind(kind: unknown): kind is ViolationKind {
  return (VIOLATION_KINDS as readonly unknown[]).includes(kind);
}

/** A hub that is gone neither serves clients nor takes events: which of them shows first is a matter of luck. */
const GONE: readonly ViolationKind[] = ['hub-dead', 'publish-failed'];

/** The gravest of these that shows the same failure as one of this kind. */
export function sameFailure(violations: readonly Violation[], kind: ViolationKind): Violation | undefined {
  const isSame = (one: Violation): boolean =>
    one.kind === kind || (GONE.includes(one.kind) && GONE.includes(kind));
  return violations.find(isSame);
}

/** As the beginning of the name of a finding. */
export const VIOLATION_TITLES: Readonly<Record<ViolationKind, string>> = {
  'hub-dead': 'the hub no longer serves a new client',
  'publish-failed': 'the hub does not take an event',
  'handshake-refused': 'a correct handshake is refused',
  'origin-accepted': 'an Origin that must be refused is accepted',
  'handshake-wrong': 'a handshake is answered wrongly',
  'illegal-frame': 'a client receives an illegal frame or message',
  'stray-message': 'a client receives a message that is no event',
  damaged: 'events arrive damaged',
  'never-joined': 'a connected client receives no events',
  disconnected: 'a client in order loses its connection',
  lost: 'events are missing',
  duplicated: 'events arrive more than once',
  replayed: 'a client receives events from before it connected',
  reordered: 'events arrive in another order',
  changed: 'the content of events changes',
  'not-evicted': 'a client whose buffer has overflowed stays connected',
  late: 'events arrive late',
  'no-pong': 'a Ping is not answered',
  'close-unanswered': 'a Close is not answered',
  'clients-left': 'the hub counts clients that are gone',
  'clients-uncounted': 'the hub counts fewer clients than are connected',
  'descriptors-left': 'the hub keeps descriptors of clients that are gone',
  'memory-kept': 'the hub keeps memory',
  'limit-uneven': 'a message passes the limit that ends a client for the same message in another form',
};

export interface Violation {
  readonly kind: ViolationKind;
  /** Who showed it: a client, or `the hub`. */
  readonly who: string;
  /** What was seen, in one sentence. */
  readonly got: string;
  /** It rests on a wait or a time: not believed where the kit lacked CPU time. */
  readonly isTimed: boolean;
  /** For a time: what was too long. */
  readonly late?: LateWork;
}

/** The gravest first: of several violations the first one names the finding. */
export function worstFirst(violations: readonly Violation[]): readonly Violation[] {
  const rank = ({ kind }: Violation): number => VIOLATION_KINDS.indexOf(kind);
  return [...violations].sort((a, b) => rank(a) - rank(b));
}
