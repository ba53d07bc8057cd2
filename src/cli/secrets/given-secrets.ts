// Registers the secrets of a command line, the environment or a plan file before anything is parsed, so that an error
// message about them hides them too.
import { isSecretHeader, SECRETS, type Secrets } from '../../kit/secrets.ts';
import { environmentName } from '../options/environment.ts';

/** Options whose values may be secret; of those with headers only the name is written. */
export const SECRET_OPTIONS: readonly string[] = ['broadcast-header', 'broadcast-token', 'client-header'];

/**
 * Of a client's header only what proves who it is. Placeholders are not secret, and neither are the scheme and the names
 * of cookies before them: `Bearer {token}` may be written.
 */
export function isSecretValue(option: string, header: string): boolean {
  if (option !== 'client-header') return true;
  const [, name = '', value = ''] = /^([^:]*):(.*)$/s.exec(header) ?? [];
  if (!header.includes(':')) return true;
  const literal = value.replace(/\{[A-Za-z_][^{}"]*\}/g, '').replace(/(^|;)\s*[\w.-]+=/g, '');
  return isSecretHeader(name) && !/^\s*(?:bearer|basic|token|digest)?[\s;]*$/i.test(literal);
}

type Environment = Readonly<Record<string, string | undefined>>;

export function registerGivenSecrets(
  argv: readonly string[],
  environment: Environment,
  secrets: Secrets = SECRETS,
): void {
  if (environment.NORN_KEY_PASSPHRASE) secrets.add(environment.NORN_KEY_PASSPHRASE);
  for (const [at, word] of argv.entries()) {
    const [, name = '', value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (!SECRET_OPTIONS.includes(name) || !isSecretValue(name, value ?? argv[at + 1] ?? '')) continue;
    if (value !== undefined) secrets.addHeader(value);
    else addWords(argv.slice(at + 1), secrets);
  }
  for (const name of SECRET_OPTIONS) {
    const value = environment[environmentName(name)] ?? '';
    for (const one of [value, ...value.split(',')]) if (one.trim() !== '') secrets.addHeader(one.trim());
  }
}

/** A header without quotes arrives as several words, which an error message would name one by one. */
function addWords(words: readonly string[], secrets: Secrets): void {
  const [first = '', ...others] = words;
  secrets.addHeader(first);
  if (!first.endsWith(':')) return;
  for (const word of others.slice(0, 2)) {
    if (word.startsWith('--')) return;
    secrets.add(word);
  }
}

/** The lines of a plan file from `broadcast-header:`, or another of these options, to the next field. */
export function registerPlanSecrets(text: string, secrets: Secrets = SECRETS): void {
  let option: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ''] = /^\s*["']?([a-z][\w-]*)["']?\s*:(.*)$/.exec(line) ?? [];
    if (name !== undefined) option = SECRET_OPTIONS.find((one) => one === name);
    if (option === undefined) continue;
    for (const one of (name === undefined ? line : value).split(/["'[\]]/)) {
      const header = one.replace(/^\s*-\s+/, '').trim();
      if (header !== '' && isSecretValue(option, header)) secrets.addHeader(header);
    }
  }
}
