// Pauses between slices of an account that is taken while the run goes on: what was received in the meantime is read in
// them. They also say how long the slices took, which decides how often such an account is asked for.
import type { Clock } from '../../../time/clock.ts';
import { pause } from '../../../time/deadline.ts';

const PAUSE_MILLIS = 1;

export interface InterimPauses {
  rest(): Promise<void>;
  /** CPU time, without the pauses. */
  busyMicros(): number;
}

export function createInterimPauses(clock: Clock, cpuMicros: () => number): InterimPauses {
  let [busyMicros, sinceMicros] = [0, cpuMicros()];
  return {
    async rest() {
      busyMicros += cpuMicros() - sinceMicros;
      await pause(clock, PAUSE_MILLIS);
      sinceMicros = cpuMicros();
    },
    busyMicros: () => busyMicros + cpuMicros() - sinceMicros,
  };
}
