// Certificates for tests, made when a test needs them by the openssl program: nothing that is committed can expire. An
// authority signs a server's certificate, one that has expired, one for another name, and one for a client.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

export interface TestCertificates {
  readonly folder: string;
  /** The authority's own certificate, to be trusted. */
  readonly ca: string;
  /** For localhost and 127.0.0.1. */
  readonly server: CertificateFiles;
  readonly expired: CertificateFiles;
  /** For hub.example. */
  readonly otherName: CertificateFiles;
  readonly client: CertificateFiles;
  /** The client's key again, encrypted with `passphrase`. */
  readonly encryptedKey: string;
  readonly passphrase: string;
  remove(): void;
}

const CURVE = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

export function createTestCertificates(): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'norn-tls-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'pipe' });
  const ca = file('ca.pem');
  openssl(
    ...['req', '-x509', '-newkey', ...CURVE, '-nodes', '-days', '2', '-subj', '/CN=Norn test authority'],
    ...['-keyout', file('ca.key'), '-out', ca],
  );

  function sign(name: string, alternatives: string, days: number): CertificateFiles {
    const [cert, key, request, extensions] = ['pem', 'key', 'csr', 'ext'].map((end) =>
      file(`${name}.${end}`),
    ) as [string, string, string, string];
    writeFileSync(extensions, `subjectAltName=${alternatives}\n`);
    openssl('req', '-newkey', ...CURVE, '-nodes', '-subj', `/CN=${name}`, '-keyout', key, '-out', request);
    openssl(
      ...['x509', '-req', '-in', request, '-CA', ca, '-CAkey', file('ca.key'), '-CAcreateserial'],
      ...['-days', `${days}`, '-extfile', extensions, '-out', cert],
    );
    return { cert, key };
  }

  const passphrase = 'open-SESAME-4711';
  const client = sign('client', 'DNS:client.example', 2);
  const encryptedKey = file('encrypted.key');
  openssl('pkey', '-in', client.key, '-aes256', '-passout', `pass:${passphrase}`, '-out', encryptedKey);
  return {
    folder,
    ca,
    server: sign('server', 'DNS:localhost,IP:127.0.0.1', 2),
    expired: sign('expired', 'DNS:localhost,IP:127.0.0.1', -1),
    otherName: sign('other', 'DNS:hub.example', 2),
    client,
    encryptedKey,
    passphrase,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The texts of both files, as servers take them. */
export function readPair({ cert, key }: CertificateFiles): CertificateFiles {
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}
