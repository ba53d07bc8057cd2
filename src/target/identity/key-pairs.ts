// A certificate for each client: `--cert` and `--key` with placeholders name the files of a row. All are read before
// anything starts, and a message names the row, not the file.
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { type KeyPair, readKeyPair, type TlsFlagNames, type TlsFlags } from '../tls/tls-flags.ts';
import type { ClientData } from './client-data.ts';
import {
  fillTemplate,
  findEmptyColumn,
  mentionsPlaceholders,
  parseTemplate,
  type TemplateSource,
} from './template.ts';

export type KeyFlags = Pick<TlsFlags, 'cert' | 'key' | 'keyPassphrase'>;
export type KeyFlagNames = Pick<TlsFlagNames, 'cert' | 'key' | 'keyPassphrase'>;

/** Whether each client has files of its own. */
export function hasKeyPlaceholders({ cert = '', key = '' }: KeyFlags): boolean {
  return mentionsPlaceholders(cert) || mentionsPlaceholders(key);
}

/** In the order of the rows; undefined where all clients have the same. */
export function readKeyPairs(
  flags: KeyFlags,
  written: KeyFlagNames,
  source: TemplateSource,
  rows: ClientData['rows'],
): Parsed<readonly KeyPair[] | undefined> {
  if (!hasKeyPlaceholders(flags)) return parsed(undefined);
  const { cert: certText = '', key: keyText = '' } = flags;
  if (rows.length === 0)
    return unparsed(`${written.cert} with placeholders needs ${source.dataOption}: the files of each client`);
  const cert = parseTemplate(certText, source);
  if (!cert.ok) return unparsed(`${written.cert}: ${cert.problem}`);
  const key = parseTemplate(keyText, source);
  if (!key.ok) return unparsed(`${written.key}: ${key.problem}`);
  const empty = findEmptyColumn([...cert.value, ...key.value], rows);
  if (empty !== undefined) return unparsed(`${written.cert}: row ${empty.row} has no ${empty.column}`);
  const known = new Map<string, KeyPair>();
  const pairs: KeyPair[] = [];
  for (const [at, row] of rows.entries()) {
    const client = { client: at + 1, inCohort: at, cohort: '', seed: 1, row };
    const [certFile, keyFile] = [fillTemplate(cert.value, client), fillTemplate(key.value, client)];
    const name = `${certFile}\n${keyFile}`;
    const pair = known.get(name) ?? readRow(certFile, keyFile, flags, written);
    if (typeof pair === 'string') return unparsed(`row ${at + 1}: ${pair}`);
    known.set(name, pair);
    pairs.push(pair);
  }
  return parsed(pairs);
}

/** The pair, or what is wrong with it. */
function readRow(
  cert: string,
  key: string,
  { keyPassphrase }: KeyFlags,
  written: KeyFlagNames,
): KeyPair | string {
  const pair = readKeyPair({ cert, key: key === '' ? undefined : key, keyPassphrase }, written);
  if (pair.ok) return pair.value ?? `${written.cert}: no file`;
  const hidden = pair.problem.replaceAll(cert, '***');
  return key === '' ? hidden : hidden.replaceAll(key, '***');
}
