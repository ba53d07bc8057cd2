// A command of norn-loadtest: `norn-loadtest NAME ...`. One file each in this folder.
import type { ExitCode } from '../../exit-code.ts';

export interface Command {
  /** The word behind the program's name. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** `argv` is what stands behind the name. A mistake of the user throws UsageError before anything is started. */
  readonly run: (argv: readonly string[]) => Promise<ExitCode>;
}
