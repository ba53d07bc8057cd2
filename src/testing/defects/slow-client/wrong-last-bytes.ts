// Slow clients: an evicted client gets the wrong bytes at the end, or its successor gets them (B28, B33, B38).
import type { Defect } from '../../defect.ts';
import { encodeClose } from '../../hub/frames.ts';
import type { HubClient, HubMessage } from '../../hub/hub-client.ts';

const TORN_PIECE_BYTES = 4_096;

export const WRONG_LAST_BYTES: readonly Defect[] = [
  // A write timed out, and the hub keeps writing. The cut frame swallows what follows, and framing is lost.
  {
    id: 'torn-frame',
    bugClass: 'B28',
    summary: 'the frame in progress when a client overflows is cut short, and others are written after it',
    severity: 'high',
    namedBy: { 'slow-client.contiguous-prefix': 'fail' },
    change(hub, correct) {
      const torn = new WeakSet<HubClient>();
      return {
        overflow(client, message) {
          torn.add(client);
          client.queue.shift();
          hub.enqueue(client, message);
        },
        writeFrame(client, frame, kind, done) {
          torn.delete(client);
          if (frame.length <= TORN_PIECE_BYTES) {
            correct.writeFrame(client, frame, kind, done);
            return;
          }
          const writeFrom = (offset: number): void => {
            if (offset >= frame.length || torn.has(client)) {
              done();
              return;
            }
            const piece = frame.subarray(offset, offset + TORN_PIECE_BYTES);
            client.socket.write(piece, (error) => {
              if (!error) writeFrom(offset + TORN_PIECE_BYTES);
            });
          };
          writeFrom(0);
        },
      };
    },
  },
  // The client library reports 1006, as after a network fault.
  {
    id: 'eviction-without-close',
    bugClass: 'B33',
    summary: 'an evicted client is disconnected without a Close frame',
    severity: 'advisory',
    namedBy: { 'slow-client.says-why': 'warn' },
    change: (hub) => ({
      evict(client) {
        hub.counters.evictions += 1;
        hub.leave(client);
        hub.after(client, hub.options.evictionGraceMillis, () => client.socket.destroy());
      },
    }),
  },
  // RFC 6455 section 5.5.1 allows no data after a Close.
  {
    id: 'close-overtakes-queue',
    bugClass: 'B33',
    summary: 'an evicted client gets the Close first and its queued events afterwards',
    severity: 'medium',
    namedBy: { 'slow-client.contiguous-prefix': 'fail' },
    change: (hub, correct) => {
      const evicted = new WeakSet<HubClient>();
      return {
        evict(client) {
          hub.counters.evictions += 1;
          evicted.add(client);
          hub.leave(client);
          // Control frames are written before messages.
          client.pendingPong = encodeClose(1013, 'slow consumer');
          hub.after(client, hub.options.evictionGraceMillis, () => hub.drop(client));
        },
        onClose(client, code) {
          if (!evicted.has(client)) correct.onClose(client, code);
        },
      };
    },
  },
  // The queue goes back to a pool without being emptied.
  {
    id: 'queue-inherited',
    bugClass: 'B38',
    summary: 'a client that joins after an eviction first gets what was queued for the evicted one',
    severity: 'high',
    namedBy: { 'slow-client.again-and-again': 'fail' },
    change(hub, correct) {
      const pool: (readonly HubMessage[])[] = [];
      return {
        evict(client) {
          pool.push([...client.queue]);
          correct.evict(client);
        },
        admit(client, writeResponse, request) {
          correct.admit(client, writeResponse, request);
          for (const message of pool.shift() ?? []) hub.enqueue(client, message);
        },
      };
    },
  },
];
