// How a NATS server is reached: its URL, who this program is there, and TLS. Files are read here, so that a mistake shows before
// anything starts.
import { readFileSync } from 'node:fs';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';

/** As a person gives it; the last four are paths. */
export interface NatsWords {
  /** `nats://host:4222`, `tls://host:4222`, with `user:password@` or `token@` before the host where the server asks for it. */
  readonly url: string;
  /** What `nsc` writes: a JWT and an nkey seed. */
  readonly creds?: string | undefined;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export interface NatsAccess {
  /** `host:port`. */
  readonly server: string;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  readonly creds?: Uint8Array;
  /** Undefined: as the server wants it. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

const DEFAULT_PORT = '4222';
const FORM = 'expected nats://[USER:PASSWORD@]HOST[:PORT], or tls:// instead of nats://';

/** `option` names the one of the words that is wrong. */
export type ReadAccess =
  | { readonly ok: true; readonly value: NatsAccess }
  | { readonly ok: false; readonly option: keyof NatsWords; readonly problem: string };

function parseNatsUrl(text: string): Parsed<Omit<NatsAccess, 'creds'>> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '' || !['nats:', 'tls:'].includes(url.protocol))
    // What stands before an @ may be a password.
    return unparsed(text.includes('@') ? FORM : `${FORM}, got "${text}"`);
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === undefined || password === undefined)
    return unparsed(`${FORM}; a % in USER or PASSWORD is written as %25`);
  const login = user === '' ? {} : password === '' ? { token: user } : { user, password };
  return parsed({
    server: `${url.hostname}:${url.port || DEFAULT_PORT}`,
    ...login,
    ...(url.protocol === 'tls:' && { tls: {} }),
  });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

export function readNatsAccess(words: NatsWords): ReadAccess {
  const url = parseNatsUrl(words.url);
  if (!url.ok) return { ...url, option: 'url' };
  if ((words.cert === undefined) !== (words.key === undefined)) {
    const [option, other] =
      words.cert === undefined ? (['key', 'cert'] as const) : (['cert', 'key'] as const);
    return {
      ok: false,
      option,
      problem: `a certificate and its key belong together; give the ${other}, too`,
    };
  }
  const files: Partial<Record<keyof NatsWords, Buffer>> = {};
  for (const option of ['creds', 'ca', 'cert', 'key'] as const) {
    const path = words[option];
    if (path === undefined) continue;
    try {
      files[option] = readFileSync(path);
    } catch (error) {
      return { ok: false, option, problem: `${path} cannot be read: ${(error as Error).message}` };
    }
  }
  const { creds, ca, cert, key } = files;
  const tls = {
    ...(ca && { ca: ca.toString() }),
    ...(cert && { cert: cert.toString() }),
    ...(key && { key: key.toString() }),
  };
  const hasTls = url.value.tls !== undefined || Object.keys(tls).length > 0;
  return { ok: true, value: { ...url.value, ...(creds && { creds }), ...(hasTls && { tls }) } };
}
