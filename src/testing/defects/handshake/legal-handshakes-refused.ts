// Opening handshake: legal requests are refused, kept waiting or answered wrongly (B01, B18, B44, B46, B52).

import { createHash } from 'node:crypto';
import type { Defect } from '../../defect.ts';

const FIRST_BYTES_MILLIS = 6_000;

export const LEGAL_HANDSHAKES_REFUSED: readonly Defect[] = [
  // The loop that accepts connections reads the request, too.
  {
    id: 'handshakes-one-by-one',
    bugClass: 'B18',
    summary: 'a connection that sends nothing holds up all that come after it, for 6 s each',
    severity: 'high',
    namedBy: { 'handshake.held-up-by-nobody': 'fail' },
    change() {
      let last = Promise.resolve();
      return {
        onConnection(socket, speak) {
          last = last.then(() => {
            speak();
            return new Promise<void>((resume) => {
              const timer = setTimeout(resume, FIRST_BYTES_MILLIS);
              const proceed = (): void => {
                clearTimeout(timer);
                resume();
              };
              socket.once('data', proceed).once('close', proceed);
            });
          });
        },
      };
    },
  },
  // The GUID is missing.
  {
    id: 'wrong-accept-key',
    bugClass: 'B46',
    summary: 'Sec-WebSocket-Accept is wrong',
    severity: 'medium',
    namedBy: { 'handshake.accept-key': 'fail' },
    change: () => ({ acceptKey: (key) => createHash('sha1').update(key).digest('base64') }),
  },
  // The key of the RFC's example.
  {
    id: 'constant-accept-key',
    bugClass: 'B46',
    summary: 'Sec-WebSocket-Accept is the same for every key',
    severity: 'medium',
    namedBy: { 'handshake.accept-key': 'fail' },
    change: () => ({ acceptKey: () => 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' }),
  },
  // The key is decoded as a form field, which turns + into a space.
  {
    id: 'key-read-as-form',
    bugClass: 'RFC',
    summary: 'handshakes whose key contains a + are answered with the wrong accept value',
    severity: 'high',
    namedBy: { 'handshake.accept-key': 'fail' },
    change: (_hub, correct) => ({ acceptKey: (key) => correct.acceptKey(key.replaceAll('+', ' ')) }),
  },
  {
    id: 'unrequested-extension',
    bugClass: 'B46',
    summary: 'an extension is announced that the client did not offer',
    severity: 'medium',
    namedBy: { 'handshake.no-unrequested-extension': 'fail' },
    change: () => ({ extraResponseHeaders: () => [['Sec-WebSocket-Extensions', 'permessage-deflate']] }),
  },
  // Any offer counts as one of compression.
  {
    id: 'extension-for-another',
    bugClass: 'B46',
    summary: 'a client that offers another extension is answered with permessage-deflate',
    severity: 'medium',
    namedBy: { 'handshake.no-unrequested-extension': 'fail' },
    change: () => ({
      extraResponseHeaders: ({ headers }) =>
        /deflate/.test(headers['sec-websocket-extensions'] ?? '')
          ? [['Sec-WebSocket-Extensions', 'permessage-deflate']]
          : [],
    }),
  },
  {
    id: 'unrequested-subprotocol',
    bugClass: 'B46',
    summary: 'a subprotocol is announced that the client did not offer',
    severity: 'medium',
    namedBy: { 'handshake.no-unrequested-subprotocol': 'fail' },
    change: () => ({ extraResponseHeaders: () => [['Sec-WebSocket-Protocol', 'norn.v1']] }),
  },
  // Firefox sends this value.
  {
    id: 'exact-connection-token',
    bugClass: 'B46',
    summary: 'a handshake with "Connection: keep-alive, Upgrade" is refused',
    severity: 'medium',
    namedBy: { 'handshake.tokens-any-case': 'fail' },
    change: (_hub, correct) => ({
      refuseHandshake: (request) =>
        request.headers.connection === 'Upgrade'
          ? correct.refuseHandshake(request)
          : { status: 400, body: 'Connection is not Upgrade' },
    }),
  },
  // The request is parsed from one read. Requests with cookies, or on a slow link, arrive in several segments.
  {
    id: 'handshake-in-one-read',
    bugClass: 'B46',
    summary: 'a handshake that arrives in more than one segment is refused',
    severity: 'medium',
    namedBy: { 'handshake.request-in-pieces': 'fail' },
    change: () => ({}),
    createGate: () => (socket, speakHttp) => {
      socket.once('data', (first: Buffer) => {
        const isHandshake = first.subarray(0, 4).toString() === 'GET '.slice(0, Math.min(4, first.length));
        if (isHandshake && !first.includes('\r\n\r\n')) {
          socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
          return;
        }
        speakHttp();
        socket.unshift(first);
      });
      return true;
    },
  },
  // The protocol has no credentials.
  {
    id: 'needs-credentials',
    bugClass: 'B44',
    summary: 'a handshake without an Authorization header is answered 401',
    severity: 'medium',
    namedBy: { 'handshake.no-credentials': 'fail' },
    change: (_hub, correct) => ({
      refuseHandshake: (request) =>
        request.headers.authorization === undefined
          ? { status: 401, body: 'who are you', headers: [['WWW-Authenticate', 'Bearer']] }
          : correct.refuseHandshake(request),
    }),
  },
  // Handshakes are read one after the other on the accepting thread.
  {
    id: 'half-handshake-blocks',
    bugClass: 'B01',
    summary: 'while one client has sent half a handshake, nobody else can connect',
    severity: 'critical',
    namedBy: { 'robustness.garbage-survived': 'fail' },
    change: () => ({}),
    createGate() {
      const waiting: (() => void)[] = [];
      let isBusy = false;
      const next = (): void => {
        isBusy = false;
        waiting.shift()?.();
      };
      return (socket, speakHttp) => {
        const serve = (): void => {
          isBusy = true;
          let isDone = false;
          const finish = (): void => {
            if (isDone) return;
            isDone = true;
            next();
          };
          let head = '';
          socket.on('data', (chunk: Buffer) => {
            if (isDone) return;
            head += chunk.toString('latin1');
            if (head.includes('\r\n\r\n')) finish();
          });
          socket.once('close', finish);
          speakHttp();
        };
        if (isBusy) waiting.push(serve);
        else serve();
        return true;
      };
    },
  },
  // A counter that only goes up.
  {
    id: 'connection-quota',
    bugClass: 'B18',
    summary: 'no more clients are accepted after 300 connections, even if all have left',
    severity: 'high',
    namedBy: { 'lifecycle.nothing-leaks': 'fail' },
    change(_hub, correct) {
      let admitted = 0;
      return {
        refuseHandshake(request) {
          const refusal = correct.refuseHandshake(request);
          if (refusal !== undefined) return refusal;
          admitted += 1;
          return admitted > 300 ? { status: 503, body: 'too many clients' } : undefined;
        },
      };
    },
  },
  // Reconnecting clients do not get back in.
  {
    id: 'herd-refused',
    bugClass: 'B52',
    summary: 'when many clients dial at once, all after the first 50 are dropped without an answer',
    severity: 'medium',
    namedBy: { 'robustness.two-hundred-dials': 'fail' },
    change(hub, correct) {
      let recentMicros: number[] = [];
      return {
        handleUpgrade(request, socket, head) {
          const nowMicros = hub.options.clock.nowMicros();
          recentMicros = [...recentMicros.filter((at) => nowMicros - at < 100_000), nowMicros];
          if (recentMicros.length > 50) socket.destroy();
          else correct.handleUpgrade(request, socket, head);
        },
      };
    },
  },
];
