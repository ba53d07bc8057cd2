// Lifecycle: the closing handshake (B28, B37) and the stop of the hub (B42, B43).
import type { Defect } from '../../defect.ts';
import { encodeClose, encodeFrame, OPCODE } from '../../hub/frames.ts';
import { LINGER_MILLIS } from '../../hub/hookable-hub.ts';
import { type HubClient, outstandingMessages } from '../../hub/hub-client.ts';
import { readsWith } from '../shared-changes.ts';

export const CLOSING_HANDSHAKE: readonly Defect[] = [
  // The socket ends without a Close frame.
  {
    id: 'close-not-echoed',
    bugClass: 'B37',
    summary: 'a Close is not answered with a Close',
    severity: 'medium',
    namedBy: { 'lifecycle.close-is-answered': 'fail' },
    change: (hub) => ({ onClose: (client) => hub.drop(client) }),
  },
  // The reader waits for the rest of the message.
  {
    id: 'close-inside-message-ignored',
    bugClass: 'B37',
    summary: 'a Close between the fragments of a message is never answered, and the connection stays',
    severity: 'medium',
    namedBy: { 'lifecycle.close-is-answered': 'fail' },
    change: (_hub, correct) => ({
      onClose(client, code, isInsideMessage) {
        if (!isInsideMessage) correct.onClose(client, code);
      },
    }),
  },
  // The answer is to go behind what is queued, and nobody looks for it there.
  {
    id: 'close-ignored-when-behind',
    bugClass: 'B37',
    summary: 'the Close of a client for which events wait is never answered, and the connection stays',
    severity: 'medium',
    namedBy: { 'lifecycle.nothing-after-close': 'fail' },
    change: (_hub, correct) => ({
      onClose(client, code) {
        if (outstandingMessages(client) === 0) correct.onClose(client, code);
      },
    }),
  },
  {
    id: 'close-answered-late',
    bugClass: 'B37',
    summary: 'a Close is answered after three seconds',
    severity: 'medium',
    namedBy: { 'lifecycle.close-is-answered': 'warn' },
    change: (hub, correct) => ({
      onClose(client, code) {
        hub.leave(client);
        hub.after(client, 3_000, () => correct.onClose(client, code));
      },
    }),
  },
  // 1005 may never appear on the wire (RFC 6455 section 7.4.1).
  {
    id: 'close-code-changed',
    bugClass: 'B37',
    summary: 'a Close is answered with the reserved code 1005',
    severity: 'medium',
    namedBy: { 'lifecycle.close-is-answered': 'fail' },
    change: (_hub, correct) => ({ onClose: (client) => correct.onClose(client, 1005) }),
  },
  // RFC 6455 section 7.4 reserves these codes.
  {
    id: 'bad-close-code-echoed',
    bugClass: 'B37',
    summary: 'reserved close codes are sent back',
    severity: 'advisory',
    namedBy: { 'robustness.bad-close-codes': 'warn' },
    change: readsWith({ refusesBadCloseCodes: false }),
  },
  // A library's close() without arguments.
  {
    id: 'close-always-1000',
    bugClass: 'B37',
    summary: 'a Close with a code of an application is answered with 1000',
    severity: 'advisory',
    namedBy: { 'lifecycle.close-is-answered': 'warn' },
    change: (_hub, correct) => ({
      onClose: (client, code) => correct.onClose(client, code === undefined ? code : 1000),
    }),
  },
  {
    id: 'bad-close-body-accepted',
    bugClass: 'B37',
    summary: 'a Close of one byte, or whose reason is not UTF-8, is answered with 1000',
    severity: 'advisory',
    namedBy: { 'robustness.bad-close-codes': 'warn' },
    change: (_hub, correct) => ({
      readerRules: { ...correct.readerRules, refusesBadCloseBodies: false },
      onClose: (client, code) => correct.onClose(client, code ?? 1000),
    }),
  },
  // RFC 6455 section 7.1.1 tells the server to close it.
  {
    id: 'open-after-close',
    bugClass: 'B37',
    summary: 'after the closing handshake the hub keeps the TCP connection open',
    severity: 'medium',
    namedBy: { 'lifecycle.close-is-answered': 'fail' },
    change: (hub) => ({
      onClose(client, code) {
        hub.leave(client);
        client.socket.write(encodeClose(code));
      },
    }),
  },
  // RFC 6455 section 5.5.1. The client sent a Close and got its answer.
  {
    id: 'data-after-close',
    bugClass: 'B28',
    summary: 'events are sent after the Close frame',
    severity: 'high',
    namedBy: { 'lifecycle.nothing-after-close': 'fail' },
    change(hub, correct) {
      const closed = new Set<HubClient>();
      return {
        onClose(client, code) {
          client.socket.write(encodeClose(code));
          closed.add(client);
          hub.after(client, LINGER_MILLIS, () => client.socket.end());
        },
        async fanOut(message) {
          for (const client of closed) if (client.phase !== 'gone') client.socket.write(message.frame);
          await correct.fanOut(message);
        },
      };
    },
  },
  // RFC 6455 section 5.5.1 allows no data after a Close. Shows only with a client that closes before it has read
  // everything.
  {
    id: 'close-answer-overtakes-queue',
    bugClass: 'B37',
    summary: 'a client that closes while events are queued for it gets them after the answer to its Close',
    severity: 'medium',
    namedBy: { 'lifecycle.nothing-after-close': 'fail' },
    change: (hub) => ({
      onClose(client, code) {
        hub.leave(client);
        // Control frames are written before messages.
        client.pendingPong = encodeClose(code);
        hub.pump(client);
        hub.after(client, LINGER_MILLIS, () => hub.drop(client));
      },
    }),
  },
  // Client libraries report 1006.
  {
    id: 'stops-without-close',
    bugClass: 'B42',
    summary: 'a stop ends the connections without a Close frame',
    severity: 'advisory',
    namedBy: { 'lifecycle.graceful-stop': 'warn' },
    change: (hub) => ({
      async stop() {
        for (const client of hub.connections) hub.drop(client);
      },
    }),
  },
  // The run loop is gone: new clients get 101 and nothing, and broadcast requests are not answered.
  {
    id: 'undead-after-stop',
    bugClass: 'B43',
    summary: 'after SIGTERM the process keeps running and accepts clients, but serves nobody',
    severity: 'advisory',
    namedBy: { 'lifecycle.graceful-stop': 'warn' },
    change: (hub, correct) => ({
      listensAfterStop: true,
      publish: (texts) => (hub.isStopping ? new Promise(() => {}) : correct.publish(texts)),
      async stop() {
        for (const client of hub.connections) hub.closeGracefully(client, encodeClose(1001), LINGER_MILLIS);
        await new Promise<void>(() => {});
      },
    }),
  },
  // The reader closes, and the message that it had begun to answer is written all the same.
  {
    id: 'data-after-violation-close',
    bugClass: 'B28',
    summary: 'a client that breaks the protocol receives a Close, and a message after it',
    severity: 'medium',
    namedBy: { 'robustness.bad-continuation-refused': 'fail' },
    change: (hub) => ({
      onViolation(client, closeCode, reason) {
        client.socket.write(encodeClose(closeCode, reason));
        client.socket.write(encodeFrame(OPCODE.text, Buffer.from('received')));
        hub.after(client, 100, () => client.socket.end());
      },
    }),
  },
];
