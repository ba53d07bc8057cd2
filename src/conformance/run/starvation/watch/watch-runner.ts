// Records when the event loop of the runner stood still, so that a verdict about time is discarded when this process,
// and not the hub, was late (find-doubt.ts).
import type { Clock, Timer } from '../../../../time/clock.ts';

export interface RunnerWatch {
  /** The longest time, in milliseconds, that the event loop was late since then (a reading of the clock). */
  worstMillisSince(micros: number): number;
  /** The sum of all lateness since then, in milliseconds. */
  totalMillisSince(micros: number): number;
  stop(): void;
}

const TICK_MILLIS = 20;
const RECORDED_FROM_MILLIS = 50;
const MAX_RECORDED = 2_000;
export function watchRunner(clock: Clock): RunnerWatch {
  const spells: { readonly endMicros: number; readonly lateMillis: number }[] = [];
  let dueMicros = 0;
  let timer: Timer;
  const lateMillis = (): number => Math.max(0, (clock.nowMicros() - dueMicros) / 1_000);
  function arm(): void {
    dueMicros = clock.nowMicros() + TICK_MILLIS * 1_000;
    timer = clock.after(TICK_MILLIS, () => {
      const late = lateMillis();
      if (late > RECORDED_FROM_MILLIS) spells.push({ endMicros: clock.nowMicros(), lateMillis: late });
      if (spells.length > MAX_RECORDED) spells.shift();
      arm();
    });
  }
  const spellsSince = (micros: number): number[] => [
    lateMillis(),
    ...spells.filter(({ endMicros }) => endMicros >= micros).map((spell) => spell.lateMillis),
  ];
  arm();
  return {
    worstMillisSince: (micros) => Math.max(...spellsSince(micros)),
    totalMillisSince: (micros) => spellsSince(micros).reduce((sum, late) => sum + late, 0),
    stop: () => timer.cancel(),
  };
}
