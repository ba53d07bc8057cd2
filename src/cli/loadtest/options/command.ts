// A command of norn-loadtest: `norn-loadtest NAME ...`. One file each in this folder.
import type { ExitCode } from '../../exit-code.ts';
import type { CommandSpec, OptionTable } from '../../options/command-line.ts';

export interface Command {
  /** The word after the program's name. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it takes on its command line. */
  readonly spec: CommandSpec<OptionTable>;
  /** `argv` is what follows the name. A mistake of the user throws UsageError before anything starts. */
  readonly run: (argv: readonly string[]) => Promise<ExitCode>;
}
