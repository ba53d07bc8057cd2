// Each cause of a failed TLS handshake as the line that a person reads.
import { expect, it } from 'vitest';
import { describeTlsFailure } from './tls-failure.ts';

const describe = (code: string, more: object = {}) => describeTlsFailure({ code, message: 'text', ...more });

it('names what is wrong with the certificate and what to pass', () => {
  expect(describe('CERT_HAS_EXPIRED', { cert: { valid_to: 'Nov 27 2026' } })).toBe(
    'its certificate has expired (valid to Nov 27 2026): renew it, or accept any certificate with --insecure',
  );
  const other = { host: 'localhost', cert: { subjectaltname: 'DNS:hub.example, IP Address:10.0.0.1' } };
  expect(describe('ERR_TLS_CERT_ALTNAME_INVALID', other)).toBe(
    'its certificate is for another name, hub.example, 10.0.0.1, and not for localhost: pass --servername with one of its names',
  );
  for (const code of ['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])
    expect(describe(code)).toBe(
      `its certificate is from an unknown issuer (${code}): pass the issuer's certificate with --ca`,
    );
  expect(describe('CERT_REVOKED')).toBe(
    'its certificate is not accepted (CERT_REVOKED: text); --insecure accepts any',
  );
});

it('names what the hub said', () => {
  expect(describe('ERR_SSL_WRONG_VERSION_NUMBER')).toMatch(/^it does not speak TLS there: use ws:\/\//);
  expect(describe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')).toBe(
    'it ended the TLS handshake (alert certificate required): if it wants a client certificate, pass --cert and --key',
  );
  expect(describe('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA')).toBe(
    'it does not accept the client certificate of --cert (alert unknown ca)',
  );
  expect(describe('EPROTO', { message: 'first\nsecond' })).toBe('the TLS handshake failed (EPROTO: first)');
});

it('reads the alert from the text where Node has no code for it', () => {
  const message =
    'write EPROTO 80:error:0A0:SSL routines:ssl3_read_bytes:tlsv1 alert no application protocol:../x.c:1:';
  expect(describe('EPROTO', { message })).toBe(
    'it does not speak HTTP/1.1 there (alert no application protocol), and a WebSocket needs it: enable HTTP/1.1 beside HTTP/2',
  );
});

it('has nothing to say of an error that is not of TLS', () => {
  expect(describe('ECONNREFUSED')).toBeUndefined();
  expect(describeTlsFailure({ message: 'socket hang up' })).toBeUndefined();
});
