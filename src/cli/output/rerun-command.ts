// The command line that repeats a run: its arguments and variables, without those that do not change the run, quoted for
// a shell.
import { redactHeader } from '../../kit/secrets.ts';
import type { OptionTable } from '../options/command-line.ts';
import { environmentName } from '../options/environment.ts';
import { isSecretValue, SECRET_OPTIONS } from '../secrets/given-secrets.ts';

export interface Repeated {
  readonly program: string;
  readonly options: OptionTable;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names of options to leave out. */
  readonly dropped: readonly string[];
  /** The file that Node was started with. */
  readonly script?: string | undefined;
}

export function rerunCommand({
  program,
  options,
  argv,
  environment,
  dropped,
  script = process.argv[1],
}: Repeated): string {
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
    if (!dropped.includes(name))
      kept.push(...(SECRET_OPTIONS.includes(name) ? hideValue(name, words) : words));
  }
  const variables = Object.keys(options)
    .filter((name) => !typed.has(name) && !dropped.includes(name) && !SECRET_OPTIONS.includes(name))
    .flatMap((name) => {
      const value = environment[environmentName(name)] ?? '';
      return value === '' ? [] : [`${environmentName(name)}=${quote(value)}`];
    });
  const starter = isInDependencies(script) ? ['npx'] : [];
  return [...variables, ...starter, program, ...kept.map(quote)].join(' ');
}

/** Started by npx, or by a script of a package that depends on the kit: a shell does not find the program by its name. */
function isInDependencies(script = ''): boolean {
  return /[\\/]node_modules[\\/]/.test(script);
}

/** Of a secret option the reader sees that it was given, and the name of a header. */
function hideValue(name: string, [flag = '', value]: readonly string[]): string[] {
  const hidden = value ?? flag.slice(flag.indexOf('=') + 1);
  return [`--${name}`, isSecretValue(name, hidden) ? redactHeader(hidden) : hidden];
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
