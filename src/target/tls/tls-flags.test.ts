// Each flag for TLS that cannot be used is one line that names the flag, the file and what to do; a key is never in it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestCertificates, type TestCertificates } from '../../testing/tls/test-certificates.ts';
import { parseTargetFlags } from '../target-flags.ts';
import { parseTlsFlags, type TlsFlags } from './tls-flags.ts';

let certificates: TestCertificates;
beforeAll(() => {
  certificates = createTestCertificates();
});
afterAll(() => certificates.remove());

const problemOf = (flags: TlsFlags): string => {
  const result = parseTlsFlags(flags);
  return result.ok ? 'none' : result.problem.replaceAll(`${certificates.folder}/`, '');
};

describe('parseTlsFlags', () => {
  it('reads certificates and key into one value', () => {
    const { ca, client, encryptedKey, passphrase } = certificates;
    expect(parseTlsFlags({})).toEqual({ ok: true, value: undefined });
    const read = (file: string) => readFileSync(file, 'utf8');
    const plain = parseTlsFlags({ ca: [ca, client.cert], ...client, servername: 'hub.example' });
    expect(plain).toEqual({
      ok: true,
      value: {
        ca: [read(ca), read(client.cert)],
        cert: read(client.cert),
        key: read(client.key),
        servername: 'hub.example',
      },
    });
    const encrypted = parseTlsFlags({ cert: client.cert, key: encryptedKey, keyPassphrase: passphrase });
    expect(encrypted).toMatchObject({ ok: true, value: { passphrase } });
    expect(parseTlsFlags({ insecure: true })).toEqual({ ok: true, value: { isInsecure: true } });
  });

  it('says in one line what is wrong with a file, and what to do', () => {
    const { ca, client, server, encryptedKey, folder } = certificates;
    const damaged = join(folder, 'damaged.pem');
    writeFileSync(damaged, readFileSync(ca, 'utf8').replace(/\n.{20}/, '\n'));
    expect([
      problemOf({ ca: [join(folder, 'none.pem')] }),
      problemOf({ ca: [client.key] }),
      problemOf({ ca: [damaged] }),
      problemOf({ cert: client.cert }),
      problemOf({ key: client.key }),
      problemOf({ cert: client.cert, key: client.cert }),
      problemOf({ cert: client.cert, key: server.key }),
      problemOf({ cert: client.cert, key: encryptedKey }),
      problemOf({ cert: client.cert, key: encryptedKey, keyPassphrase: 'wrong' }),
      problemOf({ ca: [ca], insecure: true }),
    ]).toEqual([
      '--ca none.pem: no such file',
      '--ca client.key: no certificate in it (expected PEM: -----BEGIN CERTIFICATE-----)',
      '--ca damaged.pem: a certificate in it cannot be read; is the file cut or damaged?',
      '--cert needs --key: the file of its private key',
      '--key needs --cert: the file of its certificate',
      '--key client.pem: no private key in it (expected PEM: -----BEGIN PRIVATE KEY-----)',
      '--key server.key: not the key of the certificate in client.pem',
      '--key encrypted.key: the key is encrypted: put its passphrase into NORN_KEY_PASSPHRASE',
      '--key encrypted.key: the key cannot be decrypted: is the passphrase in NORN_KEY_PASSPHRASE right?',
      '--insecure and --ca exclude each other: any certificate is accepted',
    ]);
  });

  it('refuses flags that would have no effect', () => {
    const insecure = { insecure: true };
    const url = 'ws://127.0.0.1:8800/ws';
    const problem = (flags: Parameters<typeof parseTargetFlags>[0]) => {
      const result = parseTargetFlags(flags);
      return result.ok ? result.value.tls : result.problem;
    };
    expect(problem({ url, ...insecure })).toBe(
      `--insecure needs a hub that is reached over TLS: expected a wss:// URL, got ${url}`,
    );
    expect(problem(insecure)).toMatch(/expected a wss:\/\/ URL, got no URL$/);
    const value = { isInsecure: true };
    expect(problem({ url, broadcastUrl: 'https://127.0.0.1:8801/broadcast', ...insecure })).toEqual(value);
    expect(problem({ url: 'wss://127.0.0.1:8800/ws', ...insecure })).toEqual(value);
    expect(problem({ spawn: 'hub --port 0', ...insecure })).toEqual(value);
  });
});
