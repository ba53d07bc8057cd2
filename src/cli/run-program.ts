// Runs a program to its exit code. A mistake of the user is one line on stderr; anything else that is thrown is a bug, and
// is reported as one.
import { EXIT_CODE } from './exit-code.ts';
import { UsageError } from './options/usage-error.ts';
import { guardStreams } from './output/streams.ts';
import { reportUnwritten, UNWRITTEN_CODE, withUnwritten } from './output/unwritten.ts';
import { registerGivenSecrets } from './secrets/given-secrets.ts';

/** Outside the table on purpose: no verdict may be read from a program that failed. EX_SOFTWARE of sysexits. */
const BUG_EXIT_CODE = 70;

export async function runProgram(
  program: string,
  main: (argv: readonly string[]) => Promise<number>,
): Promise<void> {
  // Node's own exit closes every native handle once more, and after a full run it has been seen to spin there without end
  // (RunCleanup, CleanupHandles), with the verdict printed and the process still alive. Nothing is left to do by then.
  process.once('beforeExit', () => process.exit());
  registerGivenSecrets(process.argv.slice(2), process.env);
  guardStreams();
  // When the reader of stdout is gone (`| head`), the run, its files and its exit code go on.
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error) => noteLostOutput(program, error));
  // Node would exit with 1, which means that the hub failed.
  process.once('uncaughtException', (error) => {
    reportBug(program, error);
    process.exit(BUG_EXIT_CODE);
  });
  try {
    process.exitCode = withUnwritten(await main(process.argv.slice(2)));
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${program}: ${error.message.replaceAll('\n', ' ')}`);
      process.exitCode = EXIT_CODE.usage;
    } else {
      reportBug(program, error);
      process.exitCode = BUG_EXIT_CODE;
      // Open handles may keep the program alive; it must not hang because of a bug.
      setTimeout(() => process.exit(BUG_EXIT_CODE), 500).unref();
    }
  }
}

/** It is a file on a full disk: what was printed is not there. The error may come after the program has ended. */
function noteLostOutput(program: string, { code, message }: NodeJS.ErrnoException): void {
  if (!['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code ?? '') || process.exitCode === BUG_EXIT_CODE) return;
  reportUnwritten(program, `cannot write to stdout: ${message}`);
  process.exitCode = UNWRITTEN_CODE;
}

function reportBug(program: string, error: unknown): void {
  console.error(`${program}: a bug, please report it: ${(error as Error).stack ?? String(error)}`);
}
