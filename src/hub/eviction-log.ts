// Evictions for the log: the first at once, a crowd of them as one line a second, so that an eviction storm does not
// become a storm of lines.
import type { Clock, Timer } from '../time/clock.ts';
import type { Logger } from './logger.ts';

const SUMMARY_MILLIS = 1_000;

export interface EvictionLog {
  add(outstandingMessages: number): void;
  close(): void;
}

export function createEvictionLog(logger: Logger, clock: Clock): EvictionLog {
  let timer: Timer | undefined;
  let evictions = 0;

  function summarize(): void {
    timer = undefined;
    if (evictions > 0) logger.info(`evicted ${evictions} more slow clients within a second`);
    evictions = 0;
  }

  return {
    add(outstandingMessages) {
      if (timer) {
        evictions += 1;
        return;
      }
      logger.info(
        `evicted a slow client: ${outstandingMessages} messages were outstanding, the next did not fit`,
      );
      timer = clock.after(SUMMARY_MILLIS, summarize);
    },
    close() {
      timer?.cancel();
      summarize();
    },
  };
}
