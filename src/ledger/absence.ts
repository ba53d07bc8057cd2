// Where the events are that a client did not get between two connections. How its connection ended, what had been accepted by
// then, and what by the time it was connected again, say whether they are the tail of that connection, missed while away, or
// published while the hub had not registered the client yet. All numbers are those of accepted events.
import type { LedgerBalance } from './ledger.ts';
import { concluded } from './ledger-balance.ts';

export interface Absence {
  /** How the connection before ended; `new`: there was none, the client joined later than the others. */
  readonly how: 'dropped' | 'evicted' | 'left' | 'new';
  /** The event that the client would have received next. */
  readonly from: number;
  /** Its first event after the return, or the end of what was published. */
  readonly to: number;
  /** How many events had been accepted when its connection ended. */
  readonly acceptedAtEnd: number;
  /** The same when it was connected again; undefined where it was not. */
  readonly acceptedAtReturn: number | undefined;
  /** Whether it got an event after its return. */
  readonly hasEvent: boolean;
}

type AbsencePlace = 'evictedTail' | 'leftTail' | 'missedAway' | 'lateJoin' | 'lost';

export type AbsenceSums = Readonly<Record<AbsencePlace, number>>;

/** Of returns, and of clients that joined later than the others. */
export interface PlacedAbsences {
  readonly returned: AbsenceSums;
  readonly joined: AbsenceSums;
}

export const NO_ABSENCE: AbsenceSums = { evictedTail: 0, leftTail: 0, missedAway: 0, lateJoin: 0, lost: 0 };

const PLACE_OF_TAIL = {
  dropped: 'missedAway',
  evicted: 'evictedTail',
  left: 'leftTail',
  new: 'missedAway',
} as const satisfies Readonly<Record<Absence['how'], AbsencePlace>>;

/** How many events each place has. */
export function placeAbsence(absence: Absence): AbsenceSums {
  const { how, from, hasEvent } = absence;
  const to = Math.max(from, absence.to);
  const within = (accepted: number, low: number) => Math.min(to, Math.max(low, accepted));
  const ended = how === 'new' ? from : within(absence.acceptedAtEnd, from);
  const isBack = absence.acceptedAtReturn !== undefined;
  const returned = isBack ? within(absence.acceptedAtReturn ?? 0, ended) : to;
  const sums = { ...NO_ABSENCE };
  sums[PLACE_OF_TAIL[how]] += ended - from;
  // What was published before a newcomer was connected is nobody's.
  if (how !== 'new') sums.missedAway += returned - ended;
  sums[hasEvent ? 'lateJoin' : 'lost'] += to - returned;
  return sums;
}

export function addAbsences(a: AbsenceSums, b: AbsenceSums): AbsenceSums {
  return {
    evictedTail: a.evictedTail + b.evictedTail,
    leftTail: a.leftTail + b.leftTail,
    missedAway: a.missedAway + b.missedAway,
    lateJoin: a.lateJoin + b.lateJoin,
    lost: a.lost + b.lost,
  };
}

/**
 * The balance with each event in its place. A worker, which does not know when events were accepted, counts all that its clients
 * did not get between connections as missed while away; the places of the same absences must add up to that.
 */
export function placeReturns(balance: LedgerBalance, { returned, joined }: PlacedAbsences): LedgerBalance {
  const placed = Object.values(returned).reduce((sum, count) => sum + count, 0);
  const problems = [...balance.imbalances];
  if (placed !== balance.missedAway)
    problems.push(
      `clients were away for ${balance.missedAway} events, and their returns account for ${placed} of them`,
    );
  return concluded(
    {
      ...balance,
      expected: balance.expected + joined.lateJoin + joined.lost,
      evictedTail: balance.evictedTail + returned.evictedTail,
      leftTail: balance.leftTail + returned.leftTail,
      missedAway: returned.missedAway,
      lateJoin: balance.lateJoin + returned.lateJoin + joined.lateJoin,
      lost: balance.lost + returned.lost + joined.lost,
      beforeJoin: balance.beforeJoin - joined.lateJoin,
      silent: balance.silent - joined.lost,
    },
    balance.faults,
    problems,
  );
}
