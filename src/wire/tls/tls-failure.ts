// What went wrong in a TLS handshake, as one line that names the cause and what to pass. Pure.

/** How the caller writes the options that mend it. */
export interface TlsOptionNames {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly servername: string;
  readonly insecure: string;
}

export const TLS_FLAGS: TlsOptionNames = {
  ca: '--ca',
  cert: '--cert',
  key: '--key',
  servername: '--servername',
  insecure: '--insecure',
};

/** As Node reports it: an error of a socket, with fields of the certificate where that was the cause. */
export interface TlsError {
  readonly code?: string | undefined;
  readonly message: string;
  readonly host?: string | undefined;
  readonly cert?: {
    readonly subjectaltname?: string;
    readonly subject?: unknown;
    readonly valid_to?: string;
  };
}

const UNKNOWN_ISSUER = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
];

/** Of a write that failed Node knows only EPROTO, and the alert stands in the text. */
export function tlsCodeOf({ code, message }: TlsError): string | undefined {
  const [, reason] = code === 'EPROTO' ? (/:SSL routines:[^:]*:([^:]+):/.exec(message) ?? []) : [];
  return reason === undefined ? code : `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`;
}

/** Undefined for an error that has nothing to do with TLS, such as a refused connection. */
export function describeTlsFailure(given: TlsError, options: TlsOptionNames = TLS_FLAGS): string | undefined {
  const error: TlsError = { ...given, message: given.message, code: tlsCodeOf(given) };
  return describeCertificate(error, options) ?? describeAlert(error, options);
}

function describeCertificate(
  error: TlsError,
  { ca, servername, insecure }: TlsOptionNames,
): string | undefined {
  const { code = '', cert } = error;
  const until = cert?.valid_to === undefined ? '' : ` (valid to ${cert.valid_to})`;
  if (code === 'CERT_HAS_EXPIRED')
    return `its certificate has expired${until}: renew it, or accept any certificate with ${insecure}`;
  if (code === 'CERT_NOT_YET_VALID')
    return `its certificate is not yet valid: check the clock of this machine, or pass ${insecure}`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `its certificate is for another name, ${namesOf(error)}: pass ${servername} with one of its names`;
  if (UNKNOWN_ISSUER.includes(code))
    return `its certificate is from an unknown issuer (${code}): pass the issuer's certificate with ${ca}`;
  if (/^(CERT_|CRL_|ERR_TLS_CERT)/.test(code))
    return `its certificate is not accepted (${code}: ${error.message}); ${insecure} accepts any`;
  return undefined;
}

function namesOf({ cert, host }: TlsError): string {
  const subject = cert?.subject as { CN?: string } | undefined;
  const names = cert?.subjectaltname?.replace(/\b(DNS|IP Address|URI):/g, '') ?? subject?.CN ?? 'unknown';
  return host === undefined ? names : `${names}, and not for ${host}`;
}

function describeAlert(
  { code = '', message }: TlsError,
  { cert, key, servername }: TlsOptionNames,
): string | undefined {
  if (/WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE/.test(code))
    return 'it does not speak TLS there: use ws:// and http://, or the port where it does';
  if (/CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE|ALERT_NO_CERTIFICATE/.test(code))
    return `it ended the TLS handshake (${alertOf(code)}): if it wants a client certificate, pass ${cert} and ${key}`;
  if (/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|ACCESS_DENIED|UNSUPPORTED_CERTIFICATE)/.test(code))
    return `it does not accept the client certificate of ${cert} (${alertOf(code)})`;
  if (/UNRECOGNIZED_NAME/.test(code))
    return `it does not serve that name (${alertOf(code)}): pass ${servername} with a name that it serves`;
  if (/NO_APPLICATION_PROTOCOL/.test(code))
    return `it does not speak HTTP/1.1 there (${alertOf(code)}), and a WebSocket needs it: enable HTTP/1.1 beside HTTP/2`;
  if (/ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/.test(code))
    return `it speaks no version of TLS that this Node accepts (${alertOf(code)})`;
  if (/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(code))
    return `the TLS handshake failed (${code}: ${firstLine(message)})`;
  return undefined;
}

const alertOf = (code: string): string =>
  code
    .replace(/^ERR_SSL_/, '')
    .replace(/^(TLSV\d*|SSLV3)_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 200);
