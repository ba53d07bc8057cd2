// Lifecycle: the stop of the hub, and what is under way then (B42, B43).
import type { Defect } from '../../defect.ts';
import { encodeClose } from '../../hub/frames.ts';

const SAID_GOODBYE = 40;

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
        const gone = [...hub.connections].map(
          (client) => new Promise<void>((resume) => client.socket.once('close', () => resume())),
        );
        for (const client of hub.connections) {
          hub.leave(client);
          client.pendingPong = encodeClose(1001, 'going away');
          hub.pump(client);
        }
        await Promise.all(gone);
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
];
