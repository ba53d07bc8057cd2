// Registers the secrets of a command line, the environment or a plan file before anything is parsed, so that an error
// message about them hides them too.
import { SECRETS, type Secrets } from '../../kit/secrets.ts';
import { environmentName } from './environment.ts';

/** Options whose values are never written; of those with headers only the name is. */
export const SECRET_OPTIONS: readonly string[] = ['broadcast-header', 'broadcast-token'];

type Environment = Readonly<Record<string, string | undefined>>;

export function registerGivenSecrets(
  argv: readonly string[],
  environment: Environment,
  secrets: Secrets = SECRETS,
): void {
  if (environment.NORN_KEY_PASSPHRASE) secrets.add(environment.NORN_KEY_PASSPHRASE);
  for (const [at, word] of argv.entries()) {
    const [, name = '', value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (!SECRET_OPTIONS.includes(name)) continue;
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

/** The lines of a plan file from `broadcast-header:` to the next field. */
export function registerPlanSecrets(text: string, secrets: Secrets = SECRETS): void {
  let isSecret = false;
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ''] = /^["']?([\w-]+)["']?\s*:(.*)$/.exec(line) ?? [];
    if (name !== undefined) isSecret = SECRET_OPTIONS.includes(name);
    if (!isSecret) continue;
    for (const one of (name === undefined ? line : value).split(/["'[\]]/)) {
      const header = one.replace(/^\s*-\s+/, '').trim();
      if (header !== '') secrets.addHeader(header);
    }
  }
}
