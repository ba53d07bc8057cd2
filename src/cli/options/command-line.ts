// Command lines: flags over NORN_* environment, checked before anything starts. The only place that knows yargs.

import yargs from 'yargs';
import { kitVersion } from '../../kit/kit-version.ts';
import { suggest } from '../../units/suggest.ts';
import { EXIT_CODE, EXIT_CODE_MEANINGS, type ExitCodeMeaning } from '../exit-code.ts';
import type { Option } from './option.ts';

/** A mistake of the user, said in one line; ends the program with exit code 2. */
export class UsageError extends Error {}

// biome-ignore lint/suspicious/noExplicitAny: an option of any value type
export type OptionTable = Readonly<Record<string, Option<any>>>;

/** Values by option name; undefined where neither a flag nor the environment gave one. */
export type OptionValues<T extends OptionTable> = {
  readonly [K in keyof T]: (T[K] extends Option<infer V> ? V : never) | undefined;
};

export interface CommandSpec<T extends OptionTable> {
  readonly program: string;
  /** After the program name in the usage line, such as `[URL]`. */
  readonly usage: string;
  readonly describe: string;
  /** By kebab-case name, without dashes. */
  readonly options: T;
  readonly maxPositionals: number;
  /** Complete command lines with what they do. */
  readonly examples: readonly (readonly [command: string, effect: string])[];
  /** Words that may stand first, with what each does; a program without any has none. */
  readonly commands?: readonly (readonly [name: string, summary: string])[];
  /** Where a program uses the common exit codes in a narrower sense. */
  readonly exitCodes?: readonly ExitCodeMeaning[];
}

export type CommandLine<T extends OptionTable> =
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'run'; readonly positionals: readonly string[]; readonly values: OptionValues<T> };

/** Reads a command line; throws UsageError on any mistake. `--help` and `--version` come back as text to print. */
export async function parseCommandLine<T extends OptionTable>(
  spec: CommandSpec<T>,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<CommandLine<T>> {
  const parser = createParser(spec);
  if (argv.includes('--help') || argv.includes('-h')) {
    return { kind: 'print', text: await renderHelp(spec, parser) };
  }
  if (argv.includes('--version')) return { kind: 'print', text: kitVersion() };
  const raw = (await parser.parse(withBareValues(spec, argv))) as Record<string, unknown> & {
    _: (string | number)[];
  };
  refuseUnknown(spec, raw);
  refuseValuesOfSwitches(spec, argv);
  const positionals = raw._.map(String);
  if (positionals.length > spec.maxPositionals) {
    throw new UsageError(
      `${positionals[spec.maxPositionals]}: one argument too many (usage: ${`${spec.program} ${spec.usage}`.trim()})`,
    );
  }
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(spec.options))
    values[name] = readOption(name, option, raw[name], environment);
  return { kind: 'run', positionals, values: values as OptionValues<T> };
}

/** `--ui` means `--ui=0`: the word behind an option whose value may be left out is never its value. */
function withBareValues(spec: CommandSpec<OptionTable>, argv: readonly string[]): string[] {
  return argv.map((word) => {
    const option = word.startsWith('--') ? spec.options[word.slice(2)] : undefined;
    return option?.bareValue === undefined ? word : `${word}=${option.bareValue}`;
  });
}

type Parser = ReturnType<typeof createParser>;

function createParser(spec: CommandSpec<OptionTable>) {
  const parser = yargs([])
    .scriptName(spec.program)
    .usage(
      `${`${spec.program} ${spec.usage}`.trim()}\n\n${spec.describe}${listCommands(spec.program, spec.commands)}`,
    )
    .parserConfiguration({
      'camel-case-expansion': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
      'boolean-negation': false,
    })
    .exitProcess(false)
    .help(false)
    .version(false)
    .wrap(100)
    .fail((message: string) => {
      throw new UsageError(inFlagTerms(spec, message));
    });
  for (const [name, option] of Object.entries(spec.options)) {
    parser.option(name, {
      describe: describeOption(option),
      ...(option.placeholder === '' ? { boolean: true } : { string: true, requiresArg: true }),
      ...(option.isRepeatable ? { array: false } : {}),
      group: option.group ?? 'Options:',
    });
  }
  parser.option('help', { boolean: true, describe: 'Show this help', group: 'Options:' });
  parser.option('version', { boolean: true, describe: 'Show the version', group: 'Options:' });
  return parser;
}

function describeOption({ placeholder, describe, bareValue }: Option<unknown>): string {
  if (placeholder === '') return describe;
  return `${bareValue === undefined ? placeholder : `[=${placeholder}]`}  ${describe}`;
}

function listCommands(program: string, commands: CommandSpec<OptionTable>['commands'] = []): string {
  if (commands.length === 0) return '';
  const lines = commands.map(([name, summary]) => `  ${name.padEnd(10)} ${summary}`);
  return `\n\nCommands (${program} COMMAND --help tells more):\n${lines.join('\n')}`;
}

/** The options as yargs lays them out; below them what it would wrap: examples are there to be copied. */
async function renderHelp(spec: CommandSpec<OptionTable>, parser: Parser): Promise<string> {
  const options = withoutTypes(await parser.getHelp());
  return [options, listExamples(spec.examples), listExitCodes(spec.exitCodes)].join('\n\n');
}

function listExamples(examples: CommandSpec<OptionTable>['examples']): string {
  return ['Examples:', ...examples.map(([command, effect]) => `  ${command}\n      ${effect}`)].join('\n');
}

function listExitCodes(exitCodes: CommandSpec<OptionTable>['exitCodes'] = EXIT_CODE_MEANINGS): string {
  return [
    'Exit codes:',
    ...exitCodes.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`),
  ].join('\n');
}

/** The placeholder already says what belongs behind an option. */
function withoutTypes(help: string): string {
  return help.replaceAll(/\n? *\[(?:string|boolean)\]$/gm, '');
}

/** yargs names an option without its dashes and does not say what belongs behind it. */
function inFlagTerms(spec: CommandSpec<OptionTable>, message: string): string {
  const name = /^Not enough arguments following: (.+)$/.exec(message)?.[1] ?? '';
  const option = Object.hasOwn(spec.options, name) ? spec.options[name] : undefined;
  return option ? `--${name}: needs a value: ${option.placeholder}` : message;
}

/** yargs takes any value of a switch for false. */
function refuseValuesOfSwitches(spec: CommandSpec<OptionTable>, argv: readonly string[]): void {
  for (const word of argv) {
    const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
    const isSwitch = Object.hasOwn(spec.options, name) && spec.options[name]?.placeholder === '';
    if (isSwitch && value !== 'true' && value !== 'false')
      throw new UsageError(`--${name}: "${value}" is neither true nor false; it takes no value`);
  }
}

function refuseUnknown(spec: CommandSpec<OptionTable>, raw: Readonly<Record<string, unknown>>): void {
  const known = [...Object.keys(spec.options), 'help', 'version'];
  for (const name of Object.keys(raw)) {
    if (name === '_' || name === '$0' || known.includes(name)) continue;
    // A single letter is near to anything short.
    const meant = name.length === 1 ? undefined : suggest(name, known);
    const dashes = name.length === 1 ? '-' : '--';
    throw new UsageError(
      `${dashes}${name}: no such option${meant ? `; did you mean --${meant}?` : ` (see ${spec.program} --help)`}`,
    );
  }
}

/** The variable that has the value of an option where no flag has. */
export function environmentName(name: string): string {
  return `NORN_${name.toUpperCase().replaceAll('-', '_')}`;
}

function readOption(
  name: string,
  option: Option<unknown>,
  given: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): unknown {
  const variable = environmentName(name);
  const fromEnvironment = environment[variable];
  let source = `--${name}`;
  let texts: string[];
  if (given !== undefined) {
    texts = (Array.isArray(given) ? given : [given]).map(String);
    if (texts.length > 1 && !option.isRepeatable && option.placeholder !== '')
      throw new UsageError(`${source}: given ${texts.length} times; it takes one value`);
  } else if (fromEnvironment !== undefined && fromEnvironment !== '') {
    source = variable;
    texts = option.isRepeatable
      ? fromEnvironment
          .split(',')
          .map((one) => one.trim())
          .filter((one) => one !== '')
      : [fromEnvironment];
  } else return undefined;
  const value = option.parse(texts);
  if (!value.ok) throw new UsageError(`${source}: ${value.problem}`);
  return value.value;
}

/** Outside the table on purpose: no verdict may be read from a program that failed. EX_SOFTWARE of sysexits. */
const BUG_EXIT_CODE = 70;

/** Runs a program to its exit code. A mistake of the user is one line; anything else thrown is a bug and is reported as one. */
export async function runProgram(
  program: string,
  main: (argv: readonly string[]) => Promise<number>,
): Promise<void> {
  // Nothing is left to do by then. Node's own way out closes every native handle once more, and after a full run it was
  // seen to spin there without end (RunCleanup, CleanupHandles), with the verdict printed and the program never gone.
  process.once('beforeExit', () => process.exit());
  // Whoever read what is printed has gone (`| head`): the run, its files and its exit code go on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  // Left to Node it would end with 1, which says that the hub failed.
  process.once('uncaughtException', (error) => {
    reportBug(program, error);
    process.exit(BUG_EXIT_CODE);
  });
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${program}: ${error.message.replaceAll('\n', ' ')}`);
      process.exitCode = EXIT_CODE.usage;
    } else {
      reportBug(program, error);
      process.exitCode = BUG_EXIT_CODE;
      // What the program had opened may keep it alive; it must not hang because of a bug.
      setTimeout(() => process.exit(BUG_EXIT_CODE), 500).unref();
    }
  }
}

function reportBug(program: string, error: unknown): void {
  console.error(`${program}: a bug, please report it: ${(error as Error).stack ?? String(error)}`);
}
