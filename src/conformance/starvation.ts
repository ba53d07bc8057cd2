// Was the kit itself starved? Remembers when its event loop did not turn, so that a judgement about time is not
// believed when this process, and not the hub, was late.
import type { Clock, Timer } from '../time/clock.ts';

export interface StarvationWatch {
  /** The longest time, in milliseconds, that the event loop was late since then (a reading of the clock). */
  worstMillisSince(micros: number): number;
  stop(): void;
}

const TICK_MILLIS = 20;
const WORTH_REMEMBERING_MILLIS = 50;
const MAX_REMEMBERED = 2_000;
/** A kit that was away for longer than this does not judge times. */
export const STARVED_MILLIS = 400;

export function watchStarvation(clock: Clock): StarvationWatch {
  const spells: { readonly endMicros: number; readonly lateMillis: number }[] = [];
  let dueMicros = 0;
  let timer: Timer;
  const lateMillis = (): number => Math.max(0, (clock.nowMicros() - dueMicros) / 1_000);
  function arm(): void {
    dueMicros = clock.nowMicros() + TICK_MILLIS * 1_000;
    timer = clock.after(TICK_MILLIS, () => {
      const late = lateMillis();
      if (late > WORTH_REMEMBERING_MILLIS) spells.push({ endMicros: clock.nowMicros(), lateMillis: late });
      if (spells.length > MAX_REMEMBERED) spells.shift();
      arm();
    });
  }
  arm();
  return {
    worstMillisSince(micros) {
      const past = spells.filter(({ endMicros }) => endMicros >= micros).map((spell) => spell.lateMillis);
      return Math.max(lateMillis(), ...past);
    },
    stop: () => timer.cancel(),
  };
}
