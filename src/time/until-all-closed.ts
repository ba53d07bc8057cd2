// The end of connections that were destroyed.
import type { Clock } from './clock.ts';
import { pause } from './deadline.ts';

const MOST_TURNS = 100;

/** Destroyed sockets report their end within a turn or two of the event loop. */
export async function untilAllClosed(isAnyOpen: () => boolean, clock: Clock): Promise<void> {
  for (let turn = 0; turn < MOST_TURNS && isAnyOpen(); turn++) await pause(clock, 0);
}
