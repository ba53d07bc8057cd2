// What a program could not write, such as on a full disk: each is named on stderr, and the exit code says that something is
// missing, whatever the verdict is. Everything else is still written, and the terminal has the result.
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';

/** Whatever the verdict is. */
export const UNWRITTEN_CODE = EXIT_CODE.target;

let isAnythingUnwritten = false;

export function reportUnwritten(program: string, problem: string): void {
  isAnythingUnwritten = true;
  console.error(`${program}: ${problem}`);
}

/** The code of a program that has written what it could. */
export function withUnwritten(code: number): number | ExitCode {
  return isAnythingUnwritten ? UNWRITTEN_CODE : code;
}
