// Runs one command: its help and its version are printed at once, and what does the work is loaded only when there is work.
import { EXIT_CODE, type ExitCode } from './exit-code.ts';
import {
  type CommandSpec,
  type OptionTable,
  type ParsedLine,
  parseCommandLine,
} from './options/command-line.ts';

/** A mistake in the values throws UsageError before anything starts. */
export type Action<T extends OptionTable> = (line: ParsedLine<T>) => Promise<ExitCode>;

/** `load` imports the action, so that nothing of it costs time where only the help is printed. */
export async function runCommand<T extends OptionTable>(
  spec: CommandSpec<T>,
  argv: readonly string[],
  load: () => Promise<Action<T>>,
): Promise<ExitCode> {
  const line = await parseCommandLine(spec, argv, process.env);
  if (line.kind === 'print') {
    console.log(line.text);
    return EXIT_CODE.passed;
  }
  const action = await load();
  return action(line);
}
