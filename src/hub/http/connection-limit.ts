// Keeps the hub below its limit of descriptors: at the limit itself the runtime accepts a connection and closes it without a
// word, so the hub closes it first and reports it. One line for each period, so that a flood of clients is no flood of lines.
import { readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Clock, Timer } from '../../time/clock.ts';
import type { Logger } from '../logger.ts';

const PERIOD_MILLIS = 10_000;
/** Descriptors besides connections that may be needed later. */
const SPARE_DESCRIPTORS = 16;

export interface RefusedConnections {
  add(reason: string): void;
  close(): void;
}

/** The first refused connection is a line of its own, those of the next ten seconds are one. */
export function createRefusedConnections(logger: Logger, clock: Clock): RefusedConnections {
  let timer: Timer | undefined;
  let [count, latest] = [0, ''];

  function summarize(): void {
    timer = undefined;
    if (count > 0) logger.warn(`could not accept ${count} more connections: ${latest}`);
    count = 0;
  }

  return {
    add(reason) {
      if (timer) {
        count++;
        latest = reason;
        return;
      }
      logger.warn(`could not accept a connection: ${reason}`);
      timer = clock.after(PERIOD_MILLIS, summarize);
    },
    close() {
      timer?.cancel();
      summarize();
    },
  };
}

/** For a server that listens; where the system does not show its limit, there is none. */
export function limitConnections(server: Server, refused: RefusedConnections): void {
  const limit = readDescriptorLimit();
  if (limit === undefined) return;
  server.maxConnections = Math.max(1, limit - countDescriptors() - SPARE_DESCRIPTORS);
  server.on('drop', () =>
    refused.add(
      `all ${server.maxConnections} connections that the limit of ${limit} descriptors allows are in use (ulimit -n)`,
    ),
  );
}

function readDescriptorLimit(): number | undefined {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

function countDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}
