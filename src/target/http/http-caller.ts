// One HTTP request and its whole answer within a deadline, over connections that are kept. Apart from the adapter so
// that what a network can do (no route, no answer, an answer cut short) is reported in one place.
import { Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as TlsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../../time/clock.ts';
import { describeTlsFailure } from '../../wire/tls/tls-failure.ts';
import { agentOptionsFor, type TlsSettings } from '../../wire/tls/tls-settings.ts';
import { httpAddressOf } from './http-address.ts';

interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** A second time does no harm; true of every GET. */
  readonly isRepeatable?: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly deadlineMillis: number;
}

export type HttpAnswer =
  | { readonly ok: true; readonly status: number; readonly contentType: string; readonly body: string }
  | {
      readonly ok: false;
      readonly kind: 'unreachable' | 'timeout';
      readonly problem: string;
      /** A connection that earlier requests had used ended before the answer: nobody knows whether this one was read. */
      readonly isReused?: true;
    };

export interface HttpCaller {
  call(call: HttpCall): Promise<HttpAnswer>;
  close(): void;
}

const MAX_ANSWER_CHARS = 1_048_576;
// Shorter than any common server's own limit, so that the server seldom closes a connection as it is used again.
const FREE_SOCKET_MILLIS = 2_000;
/** A server that closes a kept connection this soon after its answer does so after every answer. */
const SOON_MICROS = 500_000;
/**
 * A server that is so late may be busy for seconds, and its timer for idle connections then closes the next request unread: it
 * gets a connection of its own, which no such timer ends.
 */
const LATE_MICROS = 100_000;
/** A server that is far away is never quick. */
const LATE_FACTOR = 5;
/** Before a connection is used again for the first time, so long is waited for the server to close it. */
const FIRST_REUSE_MILLIS = 50;

export function createHttpCaller(clock: Clock, tls?: TlsSettings): HttpCaller {
  const agentOptions = { keepAlive: true, timeout: FREE_SOCKET_MILLIS };
  const agents = {
    http: new Agent(agentOptions),
    https: new TlsAgent({ ...agentOptions, ...agentOptionsFor(tls) }),
  };
  /** For one request each: with what was given for TLS, too. */
  const onceAgents = { http: new Agent(), https: new TlsAgent(agentOptionsFor(tls)) };

  /** Whether connections are used again: no more once the server has closed one that had just been used. */
  let isKeeping = true;
  /** Whether the server has left a connection open after its answer. */
  let hasKept = false;
  /** Whether the last answer was late. */
  let isLate = false;
  let quickestMicros = Number.POSITIVE_INFINITY;

  function once(call: HttpCall, onUnreceived?: () => void): Promise<HttpAnswer> {
    return new Promise((resolve) => {
      const isTls = call.url.protocol === 'https:';
      const body = call.body === undefined ? undefined : Buffer.from(call.body);
      const request = (isTls ? requestHttps : requestHttp)({
        ...httpAddressOf(call.url),
        method: call.method,
        agent: (isKeeping && !isLate ? agents : onceAgents)[isTls ? 'https' : 'http'],
        headers: {
          ...call.headers,
          ...(body !== undefined && { 'content-length': `${body.length}` }),
        },
      });
      let isWritten = false;
      let isOver = false;
      // One more look in a later turn: what arrived while this process was stopped counts.
      const timer = clock.after(call.deadlineMillis, () => setImmediate(giveUp));
      function giveUp(): void {
        if (isOver) return;
        finish({
          ok: false,
          kind: 'timeout',
          problem: `${call.method} ${call.url.href} was not answered within ${call.deadlineMillis} ms`,
        });
        request.destroy();
      }
      const startMicros = clock.nowMicros();
      function finish(answer: HttpAnswer): void {
        isOver = true;
        const tookMicros = clock.nowMicros() - startMicros;
        quickestMicros = Math.min(quickestMicros, tookMicros);
        isLate = tookMicros > Math.max(LATE_MICROS, LATE_FACTOR * quickestMicros);
        timer.cancel();
        resolve(answer);
      }
      function write(): void {
        if (request.destroyed) return;
        hasKept ||= request.reusedSocket;
        isWritten = true;
        request.end(body);
      }
      request.once('response', (response) => {
        if (announcedMillis(response) <= FREE_SOCKET_MILLIS) isKeeping = false;
        readBody(response, finish, (error) => finish(unreachable(call, error)));
      });
      request.on('error', (error) => {
        if (request.reusedSocket && isReset(error)) {
          if (isWritten) isKeeping = false;
          // What was written may have been read, and what was read may have been delivered.
          if (!isWritten || isRepeatable(call)) onUnreceived?.();
        }
        finish(unreachable(call, error, request.reusedSocket));
      });
      request.once('socket', (socket) => {
        // Later: a server that has closed the kept connection is seen before anything is written to it.
        if (request.reusedSocket && hasKept) setImmediate(write);
        else if (request.reusedSocket) clock.after(FIRST_REUSE_MILLIS, write);
        else {
          watchFree(socket);
          write();
        }
      });
    });
  }

  /** The end of a connection that no request waits on, so soon after an answer, is how this server ends every request. */
  function watchFree(socket: Socket): void {
    let freeSinceMicros: number | undefined;
    socket.on('free', () => {
      freeSinceMicros = clock.nowMicros();
    });
    socket.once('end', () => {
      if (freeSinceMicros !== undefined && clock.nowMicros() < freeSinceMicros + SOON_MICROS)
        isKeeping = false;
    });
  }

  return {
    async call(call) {
      let isUnreceived = false;
      const answer = await once(call, () => {
        isUnreceived = true;
      });
      return isUnreceived ? once(call) : answer;
    },
    close() {
      for (const { http, https } of [agents, onceAgents]) {
        http.destroy();
        https.destroy();
      }
    },
  };
}

export function readBody(
  response: IncomingMessage,
  onAnswer: (answer: HttpAnswer) => void,
  onError: (error: Error) => void,
): void {
  let body = '';
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    if (body.length < MAX_ANSWER_CHARS) body += text;
  });
  response.once('error', onError);
  response.once('end', () =>
    onAnswer({
      ok: true,
      status: response.statusCode ?? 0,
      contentType: response.headers['content-type'] ?? '',
      body,
    }),
  );
}

/** How long the server says that it keeps the connection; without end where it does not say. */
function announcedMillis({ headers }: IncomingMessage): number {
  const seconds = /\btimeout=(\d+)/.exec(String(headers['keep-alive']))?.[1];
  return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1_000;
}

function isRepeatable({ method, isRepeatable }: HttpCall): boolean {
  return isRepeatable ?? method === 'GET';
}

function isReset(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}

export function unreachable(
  call: Pick<HttpCall, 'method' | 'url'>,
  error: NodeJS.ErrnoException,
  isReused = false,
): HttpAnswer {
  const where = `${call.method} ${call.url.href}`;
  const cut = `the connection${isReused ? ', which earlier requests had used,' : ''} ended without an answer`;
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there (connection refused)',
    ENOENT: 'nothing listens there (no such socket)',
    ENOTFOUND: `the host name ${call.url.hostname} is not known`,
    ECONNRESET: cut,
    EPIPE: cut,
  };
  const reason =
    reasons[error.code ?? ''] ??
    describeTlsFailure(error) ??
    (error.message || error.code || 'the connection failed');
  const isCut = isReused && isReset(error);
  return { ok: false, kind: 'unreachable', problem: `${where}: ${reason}`, ...(isCut && { isReused: true }) };
}
