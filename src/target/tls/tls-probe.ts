// One TLS handshake before anything starts, so that a certificate that is not accepted is one line and exit code 3, and
// not thousands of clients that cannot connect. Any certificate is let through and then judged, because only then can it
// be said what it is.
import { connect } from 'node:tls';
import { systemClock } from '../../time/clock.ts';
import { lookupOfHost } from '../../wire/address/resolve-host.ts';
import { addressOf } from '../../wire/hub-address.ts';
import { readAgreed } from '../../wire/tls/tls-facts.ts';
import { describeTlsFailure, TLS_FLAGS, type TlsError } from '../../wire/tls/tls-failure.ts';
import { type TlsSettings, tlsOptionsFor } from '../../wire/tls/tls-settings.ts';
import type { AgreedTls } from '../target.ts';

const DEADLINE_MILLIS = 5_000;
/** A server of TLS 1.3 refuses a client's certificate after the client has finished its handshake. */
const REFUSAL_MILLIS = 250;

export type TlsProbe =
  | { readonly ok: true; readonly agreed: AgreedTls }
  | { readonly ok: false; readonly problem: string };

/** Whether clients can connect there over TLS; the problem is one sentence. */
export async function probeTls(
  url: string,
  settings: TlsSettings = {},
  names = TLS_FLAGS,
): Promise<TlsProbe> {
  const outcome = await shakeHands(url, settings);
  if ('protocol' in outcome) return { ok: true, agreed: outcome };
  return { ok: false, problem: `${url}: ${describeTlsFailure(outcome, names) ?? outcome.message}` };
}

/** Whether a TLS server answers there, whatever its certificate is. */
export async function speaksTls(url: string): Promise<boolean> {
  return 'protocol' in (await shakeHands(url, { isInsecure: true }));
}

function shakeHands(url: string, settings: TlsSettings): Promise<TlsError | AgreedTls> {
  const to = addressOf(url);
  if (to.socketPath !== undefined)
    return Promise.resolve({ message: 'a Unix socket is reached without TLS' });
  const { host, port } = to;
  return new Promise((resolve) => {
    const options = { ...tlsOptionsFor(host, settings), port, lookup: lookupOfHost };
    const socket = connect({ ...options, rejectUnauthorized: false });
    let timer = systemClock.after(DEADLINE_MILLIS, () =>
      end({
        message: `no answer to the TLS handshake within ${DEADLINE_MILLIS} ms; if it speaks no TLS, use ws:// and http://`,
      }),
    );
    function end(outcome: TlsError | AgreedTls): void {
      timer.cancel();
      socket.on('error', () => {});
      socket.destroy();
      resolve(outcome);
    }
    socket.once('secureConnect', () => {
      const failure = settings.isInsecure ? undefined : failureOf();
      if (failure) return end(failure);
      const agreed = readAgreed(socket);
      timer.cancel();
      timer = systemClock.after(REFUSAL_MILLIS, () => end(agreed));
      // The server's tickets come once it has accepted the client.
      socket.once('session', () => end(agreed));
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const isCut = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      end(isCut ? { message: 'the connection ended during the TLS handshake; does it speak TLS?' } : error);
    });

    function failureOf(): TlsError | undefined {
      if (socket.authorized) return undefined;
      const error = socket.authorizationError as unknown;
      const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : String(error);
      return {
        code,
        message: String(error),
        host: settings.servername ?? host,
        cert: socket.getPeerCertificate(),
      };
    }
  });
}
