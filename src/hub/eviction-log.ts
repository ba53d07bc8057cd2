// Evictions in the log: the first as a line of its own, those that follow as one line per second, so that many
// evictions do not flood the log.
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
