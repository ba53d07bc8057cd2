// One HTTP request and its whole answer within a deadline, over connections that are kept. Apart from the adapter so
// that what a network can do (no route, no answer, an answer cut short) is reported in one place.
import { Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as TlsAgent } from 'node:https';
import type { Clock } from '../../time/clock.ts';

interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly deadlineMillis: number;
}

export type HttpAnswer =
  | { readonly ok: true; readonly status: number; readonly contentType: string; readonly body: string }
  | { readonly ok: false; readonly kind: 'unreachable' | 'timeout'; readonly problem: string };

export interface HttpCaller {
  call(call: HttpCall): Promise<HttpAnswer>;
  close(): void;
}

const MAX_ANSWER_CHARS = 1_048_576;
// Shorter than any common server's own limit, so that the server seldom closes a connection as it is used again.
const FREE_SOCKET_MILLIS = 2_000;

export function createHttpCaller(clock: Clock): HttpCaller {
  const agentOptions = { keepAlive: true, timeout: FREE_SOCKET_MILLIS };
  const agents = { http: new Agent(agentOptions), https: new TlsAgent(agentOptions) };

  function once(call: HttpCall, onStale?: () => void): Promise<HttpAnswer> {
    return new Promise((resolve) => {
      const isTls = call.url.protocol === 'https:';
      const request = (isTls ? requestHttps : requestHttp)(call.url, {
        method: call.method,
        agent: isTls ? agents.https : agents.http,
        headers: {
          ...call.headers,
          ...(call.body !== undefined && { 'content-length': `${Buffer.byteLength(call.body)}` }),
        },
      });
      const timer = clock.after(call.deadlineMillis, () => {
        finish({
          ok: false,
          kind: 'timeout',
          problem: `${call.method} ${call.url.href} was not answered within ${call.deadlineMillis} ms`,
        });
        request.destroy();
      });
      function finish(answer: HttpAnswer): void {
        timer.cancel();
        resolve(answer);
      }
      request.once('response', (response) => {
        readBody(response, finish, (error) => finish(unreachable(call, error)));
      });
      request.on('error', (error) => {
        // A kept connection that the server closed just as it was used again: the request was not received.
        if (request.reusedSocket && isReset(error)) onStale?.();
        finish(unreachable(call, error));
      });
      request.end(call.body);
    });
  }

  return {
    async call(call) {
      let isStale = false;
      const answer = await once(call, () => {
        isStale = true;
      });
      return isStale ? once(call) : answer;
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function readBody(
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

function isReset(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}

function unreachable(call: HttpCall, error: NodeJS.ErrnoException): HttpAnswer {
  const where = `${call.method} ${call.url.href}`;
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there (connection refused)',
    ENOTFOUND: `the host name ${call.url.hostname} is not known`,
    ECONNRESET: 'the connection ended without an answer',
    EPIPE: 'the connection ended without an answer',
  };
  const reason = reasons[error.code ?? ''] ?? (error.message || error.code || 'the connection failed');
  return { ok: false, kind: 'unreachable', problem: `${where}: ${reason}` };
}
