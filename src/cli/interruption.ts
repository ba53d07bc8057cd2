// Ctrl-C: the first signal interrupts the work, so that what was found so far is reported; the second ends the program at
// once.
import { EXIT_CODE } from './exit-code.ts';

/** `say` writes a line for the user; a program that redraws the terminal has its own. */
export function interruptOnSignal(
  program: string,
  say = console.error as (text: string) => void,
): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT_CODE.interrupted);
      say(`\n${program}: stopping, with a report so far (again to stop at once)`);
      controller.abort();
    });
  }
  return controller.signal;
}
