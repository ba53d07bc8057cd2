// Which agents no longer report. Looks are counted, not time, so that a coordinator that was itself stopped blames nobody.
import type { Clock } from '../../time/clock.ts';

const LOOK_MILLIS = 500;
/** A silent agent is sent a question, and given up later. */
const [ASKED_AFTER_LOOKS, LOST_AFTER_LOOKS] = [6, 10];
export const LOST_AFTER_MILLIS = LOST_AFTER_LOOKS * LOOK_MILLIS;

export interface LossWatch {
  heard(agent: number): void;
  /** Nobody waits for it any more. */
  forget(agent: number): void;
  close(): void;
}

export interface LossEvents {
  onSilent(agent: number): void;
  /** Once for each. */
  onLost(agent: number): void;
}

export function createLossWatch(clock: Clock, agents: number, { onSilent, onLost }: LossEvents): LossWatch {
  const looks = new Map(Array.from({ length: agents }, (_, agent) => [agent, 0]));

  function look(): void {
    timer = clock.after(LOOK_MILLIS, look);
    for (const [agent, before] of looks) {
      const count = before + 1;
      looks.set(agent, count);
      if (count === ASKED_AFTER_LOOKS) onSilent(agent);
      if (count < LOST_AFTER_LOOKS) continue;
      looks.delete(agent);
      onLost(agent);
    }
  }
  let timer = clock.after(LOOK_MILLIS, look);

  return {
    heard(agent) {
      if (looks.has(agent)) looks.set(agent, 0);
    },
    forget: (agent) => looks.delete(agent),
    close: () => timer.cancel(),
  };
}
