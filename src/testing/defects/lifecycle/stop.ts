// Lifecycle: the stop of the hub, and what is under way then (B42, B43).
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Defect } from '../../defect.ts';
import { encodeClose } from '../../hub/frames.ts';
import type { HookableHub } from '../../hub/hookable-hub.ts';
import type { HubClient } from '../../hub/hub-client.ts';

const SAID_GOODBYE = 40;
/** On a busy machine a client needs more than a second to read what was queued. */
const READ_MILLIS = 4_000;

/** Close 1001 to each, before what is queued for it; resolves when all are gone. */
async function sayGoodbye(hub: HookableHub, also: (client: HubClient) => void): Promise<void> {
  const gone = [...hub.connections].map((client) => once(client.socket, 'close'));
  for (const client of hub.connections) {
    hub.leave(client);
    also(client);
    client.pendingPong = encodeClose(1001, 'going away');
    hub.pump(client);
  }
  await Promise.all(gone);
}

export const STOP: readonly Defect[] = [
  // The Close is sent to all, and no timer bounds the wait for the answers.
  {
    id: 'stop-waits-for-silent-clients',
    bugClass: 'B43',
    summary: 'a stop waits forever for a client that does not answer the Close',
    severity: 'medium',
    namedBy: { 'lifecycle.graceful-stop': 'warn' },
    change: (hub, correct) => ({
      onClose(client, code) {
        if (hub.isStopping) hub.drop(client);
        else correct.onClose(client, code);
      },
      async stop() {
        await hub.flushed();
        await sayGoodbye(hub, (client) => {
          client.queue.length = 0;
        });
      },
    }),
  },
  // A batch of goodbyes, and then process.exit().
  {
    id: 'stop-says-goodbye-to-forty',
    bugClass: 'B42',
    summary: 'a stop sends a Close to the first 40 clients only',
    severity: 'medium',
    namedBy: { 'lifecycle.graceful-stop': 'warn' },
    change: (hub, correct) => ({
      async stop() {
        await hub.flushed();
        for (const client of [...hub.connections].slice(SAID_GOODBYE)) hub.drop(client);
        await correct.stop();
      },
    }),
  },
  // The run loop is cancelled before the clients are closed.
  {
    id: 'stop-discards-queue',
    bugClass: 'B42',
    summary: 'a stop discards the events in the broadcast queue, which producers believe to be delivered',
    severity: 'medium',
    namedBy: { 'lifecycle.graceful-stop': 'warn' },
    change: (hub, correct) => ({
      // A run loop that is never done at once: the request comes when events are left.
      yieldToSockets: () => new Promise((resume) => setTimeout(resume, 20)),
      stop() {
        hub.broadcastQueue.length = 0;
        return correct.stop();
      },
    }),
  },
  // The server of the HTTP library is closed, and its callback waits for every connection.
  {
    id: 'stop-waits-for-half-handshakes',
    bugClass: 'B43',
    summary: 'a stop waits forever for a connection whose handshake is not complete',
    severity: 'medium',
    namedBy: { 'lifecycle.graceful-stop': 'warn' },
    change: (_hub, correct) => {
      const half = new Set<Socket>();
      return {
        onConnection(socket, speak) {
          half.add(socket);
          socket.once('close', () => half.delete(socket));
          correct.onConnection(socket, speak);
        },
        handleUpgrade(request, socket, head) {
          half.delete(request.socket);
          correct.handleUpgrade(request, socket, head);
        },
        async stop() {
          await correct.stop();
          await Promise.all([...half].map((socket) => once(socket, 'close')));
        },
      };
    },
  },
  // The Close is a control frame, and those are written first.
  {
    id: 'stop-closes-before-queue',
    bugClass: 'B28',
    summary: 'a stop sends Close 1001 first, then the events that are queued for a client',
    severity: 'medium',
    namedBy: { 'lifecycle.graceful-stop': 'fail' },
    change: (hub, correct) => ({
      onClose(client, code) {
        if (!hub.isStopping) correct.onClose(client, code);
      },
      async stop() {
        await hub.flushed();
        await sayGoodbye(hub, (client) => hub.after(client, READ_MILLIS, () => hub.drop(client)));
      },
    }),
  },
  // process.exit(1) at the end of the handler of the signal, which is that of errors.
  {
    id: 'stop-exits-with-one',
    bugClass: 'B43',
    summary: 'after a stop on request the process exits with code 1, as after a crash',
    severity: 'advisory',
    namedBy: { 'lifecycle.graceful-stop': 'warn' },
    change: () => ({ exitCode: 1 }),
  },
  {
    id: 'interrupt-ignored',
    bugClass: 'B43',
    summary: 'SIGINT, Ctrl-C in a terminal, does not end the process',
    severity: 'advisory',
    namedBy: { 'lifecycle.graceful-stop': 'warn' },
    change: () => ({ ignoresInterrupt: true }),
  },
];
