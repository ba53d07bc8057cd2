// The command line that repeats a run: what was typed and what the environment added, without what makes no difference to
// the run, quoted for a shell.
import { environmentName, type OptionTable } from './command-line.ts';

export interface Repeated {
  readonly program: string;
  readonly options: OptionTable;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names of options that are left out. */
  readonly dropped: readonly string[];
}

export function rerunCommand({ program, options, argv, environment, dropped }: Repeated): string {
  const kept: string[] = [];
  const typed = new Set<string>();
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string;
    const [, name, value] = /^--([^=]+)(=.*)?$/s.exec(word) ?? [];
    const option = name === undefined ? undefined : options[name];
    if (name === undefined || option === undefined) {
      kept.push(word);
      continue;
    }
    typed.add(name);
    const words = [word];
    const isSwitch = option.placeholder === '' || option.bareValue !== undefined;
    if (value === undefined && !isSwitch) words.push(...argv.slice(++at, at + 1));
    if (!dropped.includes(name)) kept.push(...words);
  }
  const variables = Object.keys(options)
    .filter((name) => !typed.has(name) && !dropped.includes(name) && !SECRET.includes(name))
    .flatMap((name) => {
      const value = environment[environmentName(name)] ?? '';
      return value === '' ? [] : [`${environmentName(name)}=${quote(value)}`];
    });
  return [...variables, program, ...kept.map(quote)].join(' ');
}

/** What is kept in the environment so that nobody reads it is not written into a report. */
const SECRET = ['broadcast-header', 'broadcast-token'];

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
