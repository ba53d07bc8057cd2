// Server pings (`--ping-interval`): every client is checked once per interval, a few at a time, so that pings to
// thousands of clients do not delay events.
import type { Clock, Timer } from '../../time/clock.ts';

const CLIENTS_AT_A_TIME = 256;

export interface Keepalive {
  close(): void;
}

/** Calls `checkAlive` on everything in `clients` each `intervalMillis`; 0 for never. */
export function createKeepalive(
  clients: Iterable<{ checkAlive(): void }>,
  intervalMillis: number,
  clock: Clock,
): Keepalive {
  let timer: Timer | undefined;
  if (intervalMillis > 0) schedule();

  function schedule(): void {
    timer = clock.after(intervalMillis, () => {
      schedule();
      check([...clients], 0);
    });
  }

  function check(all: readonly { checkAlive(): void }[], start: number): void {
    const end = start + CLIENTS_AT_A_TIME;
    for (const client of all.slice(start, end)) client.checkAlive();
    if (end < all.length && timer) clock.after(0, () => check(all, end));
  }

  return {
    close() {
      timer?.cancel();
      timer = undefined;
    },
  };
}
