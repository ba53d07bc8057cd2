// How far the clients of one cohort in one worker process are, while the run goes on.
import type { RefusedEvents } from '../../../ledger/refused-events.ts';
import type { CohortMember } from '../cohort-member.ts';
import type { CohortProgress } from '../worker-messages.ts';

type MemberProgress = Pick<
  CohortProgress,
  'open' | 'joined' | 'lowestNextSequence' | 'evicted' | 'away' | 'returning' | 'waiting'
>;

export function progressOf(members: Iterable<CohortMember>, refused: RefusedEvents): MemberProgress {
  let [open, joined, evicted, away, returning, waiting] = [0, 0, 0, 0, 0, 0];
  let lowest: number | null = null;
  for (const member of members) {
    if (member.wasEvicted) evicted++;
    if (!member.isOpen || member.isLeaving) {
      if (member.isReturning) returning++;
      if (member.isReturning || member.outcome === 'dropped') away++;
      continue;
    }
    open++;
    if (member.isWaitingAgain) {
      waiting++;
      continue;
    }
    const nextSequence = member.ledger?.nextSequence ?? -1;
    if (nextSequence >= 0) joined++;
    if (lowest === null || nextSequence < lowest) lowest = nextSequence;
  }
  return {
    open,
    joined,
    lowestNextSequence: lowest === null || lowest < 0 ? lowest : refused.rankOf(lowest),
    evicted,
    ...(away > 0 && { away }),
    ...(returning > 0 && { returning }),
    ...(waiting > 0 && { waiting }),
  };
}
