// The time of what a ring reads. Completions that are reaped together were handed over by one call of the kernel, so the clock
// is read once for all of them, when the first is looked at: what it costs to verify one client is not counted as latency of
// the next.
import type { Clock } from '../../time/clock.ts';
import type { ReadRing } from './read-ring.ts';

/** Outside of the ring's reading it is `clock`. */
export function createBatchClock(clock: Clock, ring: Pick<ReadRing, 'batch'>): Clock {
  let batch = 0;
  let batchMicros = 0;
  return {
    ...clock,
    nowMicros() {
      if (ring.batch === 0) return clock.nowMicros();
      if (ring.batch !== batch) {
        batch = ring.batch;
        batchMicros = clock.nowMicros();
      }
      return batchMicros;
    },
  };
}
