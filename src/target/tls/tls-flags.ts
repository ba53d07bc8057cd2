// The flags for TLS, read once at the edge: files are read and checked here, and what they hold goes on as one value.
// A message names files and options, never what is in a key.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readLimitedFile } from '../../files/limited-file.ts';
import { NON_EMPTY_TEXT, type OptionRules, TEXTS, TRUE_OR_FALSE } from '../../kit/option-rules.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { TlsSettings } from '../../wire/tls/tls-settings.ts';

export interface TlsFlags {
  /** PEM files of certificates to trust instead of the system's. */
  readonly ca?: readonly string[] | undefined;
  /** PEM files of the client's own certificate and of its key. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Of an encrypted key; programs read it from NORN_KEY_PASSPHRASE. */
  readonly keyPassphrase?: string | undefined;
  /** The name that the hub's certificate must have. Default: the host of the URL. */
  readonly servername?: string | undefined;
  /** Accepts any certificate; every report says it. */
  readonly insecure?: boolean | undefined;
}

export type TlsFlagNames = Readonly<Record<keyof TlsFlags, string>>;

export const TLS_FLAG_NAMES: TlsFlagNames = {
  ca: '--ca',
  cert: '--cert',
  key: '--key',
  keyPassphrase: 'NORN_KEY_PASSPHRASE',
  servername: '--servername',
  insecure: '--insecure',
};

/** The same names as options of the library. */
export const TLS_OPTION_NAMES: TlsFlagNames = {
  ca: 'ca',
  cert: 'cert',
  key: 'key',
  keyPassphrase: 'keyPassphrase',
  servername: 'servername',
  insecure: 'insecure',
};

export const TLS_RULES: OptionRules<TlsFlags> = {
  ca: TEXTS,
  cert: NON_EMPTY_TEXT,
  key: NON_EMPTY_TEXT,
  keyPassphrase: NON_EMPTY_TEXT,
  servername: NON_EMPTY_TEXT,
  insecure: TRUE_OR_FALSE,
};

const MAX_PEM_BYTES = 4 * 1024 * 1024;
const CERTIFICATES =
  /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED )?CERTIFICATE-----/g;

/** Undefined where no flag for TLS is given. */
export function parseTlsFlags(
  flags: TlsFlags,
  written: TlsFlagNames = TLS_FLAG_NAMES,
): Parsed<TlsSettings | undefined> {
  const { servername, insecure = false } = flags;
  const given = firstGiven(flags);
  if (given === undefined) return parsed(undefined);
  if (insecure && flags.ca !== undefined && flags.ca.length > 0)
    return unparsed(`${written.insecure} and ${written.ca} exclude each other: any certificate is accepted`);
  const ca: string[] = [];
  for (const file of flags.ca ?? []) {
    const text = readCertificates(file);
    if (!text.ok) return unparsed(`${written.ca} ${file}: ${text.problem}`);
    ca.push(text.value);
  }
  const pair = readKeyPair(flags, written);
  if (!pair.ok) return pair;
  return parsed({
    ...(ca.length > 0 && { ca }),
    ...pair.value,
    ...(servername !== undefined && { servername }),
    ...(insecure && { isInsecure: true }),
  });
}

/** The first of the flags that changes how connections are made. */
export function firstGiven(flags: TlsFlags): keyof TlsFlags | undefined {
  return (['ca', 'cert', 'key', 'servername', 'insecure'] as const).find((name) => {
    const value = flags[name];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
  });
}

export type KeyPair = Required<Pick<TlsSettings, 'cert' | 'key'>> & Pick<TlsSettings, 'passphrase'>;

/** A certificate and its key, which fit each other; undefined where neither is given. */
export function readKeyPair(
  { cert: certFile, key: keyFile, keyPassphrase }: Pick<TlsFlags, 'cert' | 'key' | 'keyPassphrase'>,
  written: Pick<TlsFlagNames, 'cert' | 'key' | 'keyPassphrase'> = TLS_FLAG_NAMES,
): Parsed<KeyPair | undefined> {
  if (certFile === undefined && keyFile === undefined) return parsed(undefined);
  if (keyFile === undefined)
    return unparsed(`${written.cert} needs ${written.key}: the file of its private key`);
  if (certFile === undefined)
    return unparsed(`${written.key} needs ${written.cert}: the file of its certificate`);
  const cert = readCertificates(certFile);
  if (!cert.ok) return unparsed(`${written.cert} ${certFile}: ${cert.problem}`);
  const key = readLimitedFile(keyFile, MAX_PEM_BYTES);
  if (!key.ok) return unparsed(`${written.key} ${keyFile}: ${key.problem}`);
  const privateKey = readPrivateKey(key.value, keyPassphrase, written);
  if (!privateKey.ok) return unparsed(`${written.key} ${keyFile}: ${privateKey.problem}`);
  const [own = ''] = cert.value.match(CERTIFICATES) ?? [];
  if (!new X509Certificate(own).checkPrivateKey(privateKey.value))
    return unparsed(`${written.key} ${keyFile}: not the key of the certificate in ${certFile}`);
  const isEncrypted = /ENCRYPTED/.test(key.value);
  return parsed({
    cert: cert.value,
    key: key.value,
    ...(isEncrypted && keyPassphrase !== undefined && { passphrase: keyPassphrase }),
  });
}

function readCertificates(file: string): Parsed<string> {
  const text = readLimitedFile(file, MAX_PEM_BYTES);
  if (!text.ok) return text;
  const blocks = text.value.match(CERTIFICATES) ?? [];
  if (blocks.length === 0)
    return unparsed('no certificate in it (expected PEM: -----BEGIN CERTIFICATE-----)');
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch {
    return unparsed('a certificate in it cannot be read; is the file cut or damaged?');
  }
  return parsed(text.value);
}

function readPrivateKey(
  text: string,
  passphrase: string | undefined,
  { keyPassphrase }: Pick<TlsFlagNames, 'keyPassphrase'>,
): Parsed<KeyObject> {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    return unparsed('no private key in it (expected PEM: -----BEGIN PRIVATE KEY-----)');
  const isEncrypted = /ENCRYPTED/.test(text);
  if (isEncrypted && passphrase === undefined)
    return unparsed(`the key is encrypted: put its passphrase into ${keyPassphrase}`);
  try {
    return parsed(createPrivateKey({ key: text, ...(passphrase !== undefined && { passphrase }) }));
  } catch {
    return unparsed(
      isEncrypted
        ? `the key cannot be decrypted: is the passphrase in ${keyPassphrase} right?`
        : 'the key cannot be read; is the file cut or damaged?',
    );
  }
}
