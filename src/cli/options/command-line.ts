// Command lines: flags override NORN_* variables, and both are checked before anything starts.
import { kitVersion } from '../../kit/kit-version.ts';
import { suggest } from '../../units/suggest.ts';
import type { ExitCodeMeaning } from '../exit-code.ts';
import { GENERAL_OPTIONS, renderHelp } from '../help/help.ts';
import { environmentName, suggestVariables } from './environment.ts';
import type { Option } from './option.ts';
import { UsageError } from './usage-error.ts';

// biome-ignore lint/suspicious/noExplicitAny: an option of any value type
export type OptionTable = Readonly<Record<string, Option<any>>>;

/** Values by option name; undefined where neither a flag nor a variable gives one. */
export type OptionValues<T extends OptionTable> = {
  readonly [K in keyof T]: (T[K] extends Option<infer V> ? V : never) | undefined;
};

export interface CommandSpec<T extends OptionTable> {
  readonly program: string;
  /** Follows the program name in the usage line, such as `[URL]`. */
  readonly usage: string;
  readonly describe: string;
  /** By kebab-case name, without dashes. */
  readonly options: T;
  readonly maxPositionals: number;
  /** Complete command lines with what they do. */
  readonly examples: readonly (readonly [command: string, effect: string])[];
  /** Commands that may come first, with what each does. */
  readonly commands?: readonly (readonly [name: string, summary: string])[];
  /** Options of other programs that this one cannot have, with why. */
  readonly unsuited?: Readonly<Record<string, string>>;
  /** Where a program uses the common exit codes in a narrower sense. */
  readonly exitCodes?: readonly ExitCodeMeaning[];
}

/** A command line without a mistake. */
export interface ParsedLine<T extends OptionTable> {
  readonly kind: 'run';
  readonly positionals: readonly string[];
  readonly values: OptionValues<T>;
  /** As it was given, to print a command that repeats it. */
  readonly argv: readonly string[];
}

export type CommandLine<T extends OptionTable> =
  | { readonly kind: 'print'; readonly text: string }
  | ParsedLine<T>;

/** Reads a command line; throws UsageError on any mistake. `--help` and `--version` come back as text to print. */
export async function parseCommandLine<T extends OptionTable>(
  spec: CommandSpec<T>,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  warn = console.error as (text: string) => void,
): Promise<CommandLine<T>> {
  if (argv.includes('--help') || argv.includes('-h')) return { kind: 'print', text: renderHelp(spec) };
  if (argv.includes('--version')) return { kind: 'print', text: kitVersion() };
  const { createParser } = await import('./option-parser.ts');
  const raw = (await createParser(spec).parse(withBareValues(spec, argv))) as Record<string, unknown> & {
    _: (string | number)[];
  };
  refuseUnknown(spec, raw);
  refuseValuesOfSwitches(spec, argv);
  const positionals = raw._.map(String);
  if (positionals.length > spec.maxPositionals) {
    throw new UsageError(
      `${positionals[spec.maxPositionals]}: unexpected argument (usage: ${`${spec.program} ${spec.usage}`.trim()})`,
    );
  }
  for (const warning of suggestVariables(Object.keys(environment))) warn(`${spec.program}: ${warning}`);
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(spec.options))
    values[name] = readOption(name, option, raw[name], environment);
  return { kind: 'run', positionals, values: values as OptionValues<T>, argv };
}

/** `--ui` means `--ui=0`: the word after an option with an optional value is never its value. */
function withBareValues(spec: CommandSpec<OptionTable>, argv: readonly string[]): string[] {
  return argv.map((word) => {
    const option = word.startsWith('--') ? spec.options[word.slice(2)] : undefined;
    return option?.bareValue === undefined ? word : `${word}=${option.bareValue}`;
  });
}

/** yargs reads any value of a switch as false. */
function refuseValuesOfSwitches(spec: CommandSpec<OptionTable>, argv: readonly string[]): void {
  for (const word of argv) {
    const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
    const isSwitch = Object.hasOwn(spec.options, name) && spec.options[name]?.placeholder === '';
    if (isSwitch && value !== 'true' && value !== 'false')
      throw new UsageError(`--${name}: expected no value, got "${value}"`);
  }
}

function refuseUnknown(spec: CommandSpec<OptionTable>, raw: Readonly<Record<string, unknown>>): void {
  const known = Object.keys({ ...spec.options, ...GENERAL_OPTIONS });
  for (const name of Object.keys(raw)) {
    if (name === '_' || name === '$0' || known.includes(name)) continue;
    const whyUnsuited = spec.unsuited?.[name];
    if (whyUnsuited !== undefined) throw new UsageError(`--${name}: ${whyUnsuited}`);
    // A single letter is close to every short name.
    const meant = name.length === 1 ? undefined : suggest(name, known);
    const dashes = name.length === 1 ? '-' : '--';
    throw new UsageError(
      `${dashes}${name}: no such option${meant ? `; did you mean --${meant}?` : ` (see ${spec.program} --help)`}`,
    );
  }
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
      throw new UsageError(`${source}: expected one value, got ${texts.length}`);
  } else if (fromEnvironment !== undefined && fromEnvironment !== '') {
    source = variable;
    texts = option.isRepeatable
      ? fromEnvironment
          // Not at a comma within parentheses: flap(read=2s,pause=5s) is one value.
          .split(/,(?![^(]*\))/)
          .map((one) => one.trim())
          .filter((one) => one !== '')
      : [fromEnvironment];
  } else return undefined;
  const value = option.parse(texts);
  if (!value.ok) throw new UsageError(`${source}: ${value.problem}`);
  return value.value;
}
