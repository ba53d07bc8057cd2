// Ctrl-C, a termination, or the end of the terminal: the first signal interrupts the work, and results so far are reported; the second ends the program at once.
import { type Clock, systemClock } from '../time/clock.ts';
import { EXIT_CODE } from './exit-code.ts';

/** `timeout` signals the program and then its whole group: signals within this time count as one. */
const SAME_SIGNAL_MICROS = 500_000;

/** `say` writes a line for the user; a program that redraws the terminal has its own. */
export function interruptOnSignal(
  program: string,
  say = console.error as (text: string) => void,
  clock: Pick<Clock, 'nowMicros'> = systemClock,
): AbortSignal {
  const controller = new AbortController();
  let firstMicros = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!controller.signal.aborted) {
        firstMicros = clock.nowMicros();
        say(`\n${program}: stopping, with a report so far (press Ctrl-C again to stop at once)`);
        controller.abort();
      } else if (clock.nowMicros() - firstMicros >= SAME_SIGNAL_MICROS) process.exit(EXIT_CODE.interrupted);
    });
  }
  return controller.signal;
}
