// Completion of command lines in bash and zsh. `completion` prints the script that yargs generates; the script calls the
// program with `--get-yargs-completions` at each press of the tab key.
import type { CommandSpec, OptionTable } from './command-line.ts';
import { UsageError } from './usage-error.ts';

const SHELLS = ['bash', 'zsh'];

export interface Completable {
  /** What the program takes without a command. */
  readonly spec: CommandSpec<OptionTable>;
  readonly commands?: readonly Subcommand[];
}

interface Subcommand {
  readonly name: string;
  readonly spec: CommandSpec<OptionTable>;
}

/** Prints the answer when `argv` is about completion; false when it is not. */
export async function answerCompletion(program: Completable, argv: readonly string[]): Promise<boolean> {
  const [first, ...rest] = argv;
  if (first === 'completion') await printScript(program.spec, rest);
  else if (first === '--get-yargs-completions') {
    const words = rest.slice(1); // the first is the program itself
    console.log((await listCompletions(program, words)).join('\n'));
  } else return false;
  return true;
}

async function printScript(spec: CommandSpec<OptionTable>, words: readonly string[]): Promise<void> {
  const [shell = 'bash'] = words;
  if (words.length > 1 || !SHELLS.includes(shell))
    throw new UsageError(`completion: expected one of ${SHELLS.join(', ')}, got "${words.join(' ')}"`);
  process.env.SHELL = shell; // by which yargs chooses the script
  const { createParser } = await import('./option-parser.ts');
  createParser(spec).showCompletionScript();
}

export async function listCompletions(
  { spec, commands = [] }: Completable,
  words: readonly string[],
): Promise<string[]> {
  const command = commands.find(({ name }) => name === words[0] && words.length > 1);
  const current = words.at(-1) ?? '';
  const names = words.length > 1 ? [] : commands.map(({ name }) => name);
  const own = words.slice(command === undefined ? 0 : 1);
  return [
    ...names.filter((name) => name.startsWith(current)),
    ...(await completeOptions(command?.spec ?? spec, own)),
  ];
}

/** Nothing where the words so far are a mistake, such as an option without its value. */
async function completeOptions(spec: CommandSpec<OptionTable>, words: readonly string[]): Promise<string[]> {
  const { createParser } = await import('./option-parser.ts');
  try {
    return [...(await createParser(spec).getCompletion([...words]))];
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}
