// One POST in a form of the caller's choice, on a connection of its own or of the given agent: in chunks, in pieces, after
// "100 Continue".
import { Agent, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as TlsAgent } from 'node:https';
import { systemClock } from '../../../time/clock.ts';
import { pause } from '../../../time/deadline.ts';
import { agentOptionsFor, type TlsSettings } from '../../../wire/tls/tls-settings.ts';
import { httpAddressOf } from '../http-address.ts';
import { type HttpAnswer, readBody, unreachable } from '../http-caller.ts';

export interface FormCall {
  readonly url: URL;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
  /** The body; each piece is written for itself, a moment after the one before. */
  readonly pieces: readonly Uint8Array[];
  readonly isChunked?: boolean;
  /** Waits for "100 Continue" before the body, for a second at most. */
  readonly isExpecting?: boolean;
  /** Before the last piece this is waited for. */
  readonly beforeLast?: Promise<unknown>;
  readonly deadlineMillis: number;
}

const BETWEEN_PIECES_MILLIS = 15;
/** A client does not wait without end (RFC 9110, 10.1.1). */
const CONTINUE_MILLIS = 1_000;

/** One connection, kept as long as the hub keeps it. */
export function createFormAgent(url: URL, tls: TlsSettings | undefined): Agent {
  const options = { keepAlive: true, maxSockets: 1 };
  return url.protocol === 'https:'
    ? new TlsAgent({ ...options, ...agentOptionsFor(tls) })
    : new Agent(options);
}

export function callInForm(call: FormCall): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    const { url, agent, pieces, isChunked = false, isExpecting = false, deadlineMillis } = call;
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)({
      ...httpAddressOf(url),
      method: 'POST',
      agent,
      headers: {
        ...call.headers,
        ...(isChunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': `${bytes}` }),
        ...(isExpecting && { expect: '100-continue' }),
      },
    });
    let isOver = false;
    const finish = (answer: HttpAnswer): void => {
      isOver = true;
      timer.cancel();
      resolve(answer);
    };
    const timer = systemClock.after(deadlineMillis, () =>
      setImmediate(() => {
        if (isOver) return;
        const problem = `POST ${url.href} was not answered within ${deadlineMillis} ms`;
        finish({ ok: false, kind: 'timeout', problem });
        request.destroy();
      }),
    );
    const failed = (error: Error): void =>
      finish(unreachable({ method: 'POST', url }, error, request.reusedSocket));
    request.once('response', (response) => readBody(response, finish, failed));
    request.on('error', failed);

    async function write(): Promise<void> {
      for (const [at, piece] of pieces.entries()) {
        if (at > 0) await pause(systemClock, BETWEEN_PIECES_MILLIS);
        if (at === pieces.length - 1) await call.beforeLast;
        if (request.destroyed) return;
        request.write(piece);
      }
      request.end();
    }
    if (!isExpecting) return void write();
    let isWriting = false;
    const writeOnce = (): void => {
      if (!isWriting && !isOver) void write();
      isWriting = true;
    };
    request.once('continue', writeOnce);
    systemClock.after(CONTINUE_MILLIS, writeOnce);
  });
}
