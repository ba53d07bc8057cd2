// Slow clients: an evicted client keeps its socket (B06, B07, B47).
import type { Defect } from '../../defect.ts';
import { encodeClose } from '../../hub/frames.ts';
import type { HubClient } from '../../hub/hub-client.ts';

const DRIP_BYTES = 8_192;
const DRIP_IDLE_MICROS = 5_000_000;

export const EVICTED_BUT_CONNECTED: readonly Defect[] = [
  // As in the protocol's diagram: the writer closes the connection once the queue is empty, which never happens
  // while the client does not read. There is no Close frame either.
  {
    id: 'close-after-drain',
    bugClass: 'B06',
    summary: 'an evicted client is closed only if it reads again',
    severity: 'critical',
    namedBy: { 'slow-client.really-disconnected': 'fail' },
    change: (hub, correct) => ({
      evict(client) {
        hub.counters.evictions += 1;
        hub.leave(client);
      },
      writeFrame: (client, frame, kind, done) =>
        correct.writeFrame(client, frame, kind, () => {
          done();
          if (client.phase === 'leaving' && client.inFlight === 'nothing') client.socket.end();
        }),
    }),
  },
  // Eviction shuts down the stream in order (`socket.end()`), and the FIN waits behind the unread data.
  {
    id: 'eviction-only-half-closes',
    bugClass: 'B06',
    summary: 'an evicted client gets an end of stream that waits forever behind unread data',
    severity: 'critical',
    namedBy: { 'slow-client.really-disconnected': 'fail' },
    change: (hub) => ({
      evict(client) {
        hub.counters.evictions += 1;
        hub.leave(client);
        client.queue.length = 0;
        client.socket.end();
      },
    }),
  },
  // The connection answers pings and gets what was queued, but never another event or a Close.
  {
    id: 'forget-without-close',
    bugClass: 'B06',
    summary: 'an overflowing client is removed from the set, but its socket is never closed',
    severity: 'critical',
    namedBy: { 'slow-client.really-disconnected': 'fail' },
    change: (hub) => ({
      evict(client) {
        hub.counters.evictions += 1;
        hub.clients.delete(client);
      },
    }),
  },
  // The others are forgotten and stay connected.
  {
    id: 'keeps-every-second',
    bugClass: 'B06',
    summary: 'of several clients that overflow, only every second one is disconnected',
    severity: 'critical',
    namedBy: { 'slow-client.really-disconnected': 'fail' },
    change: (hub, correct) => {
      let evictions = 0;
      return {
        evict(client) {
          evictions += 1;
          if (evictions % 2 === 1) correct.evict(client);
          else hub.leave(client);
        },
      };
    },
  },
  // The library applies a new deadline when the next write begins. The code looks right, and the socket stays
  // open.
  {
    id: 'deadline-set-too-late',
    bugClass: 'B07',
    summary: 'the write deadline of an evicted client applies to the next write, which never begins',
    severity: 'critical',
    namedBy: { 'slow-client.really-disconnected': 'fail' },
    change(hub, correct) {
      const hasDeadline = new WeakSet<HubClient>();
      return {
        evict(client) {
          hub.counters.evictions += 1;
          hub.leave(client);
          hasDeadline.add(client);
        },
        writeFrame(client, frame, kind, done) {
          if (hasDeadline.has(client)) hub.after(client, 100, () => client.socket.destroy());
          correct.writeFrame(client, frame, kind, done);
        },
      };
    },
  },
  // An evicted client that does not read keeps its descriptor and its queue for a minute.
  {
    id: 'eviction-takes-a-minute',
    bugClass: 'B07',
    summary: 'the socket of an evicted client is closed after a minute',
    severity: 'critical',
    namedBy: { 'slow-client.really-disconnected': 'fail' },
    change: (hub) => ({
      evict(client) {
        hub.counters.evictions += 1;
        hub.closeGracefully(client, encodeClose(1013, 'slow consumer'), 60_000);
      },
    }),
  },
  // Every byte that the client takes restarts the deadline.
  {
    id: 'slow-drip',
    bugClass: 'B47',
    summary: 'an evicted client that reads a little now and then is never closed',
    severity: 'medium',
    namedBy: { 'slow-client.drip-is-disconnected': 'warn' },
    change(hub, correct) {
      const takenAtMicros = new WeakMap<HubClient, number>();
      const now = (): number => hub.options.clock.nowMicros();
      const closeWhenIdle = (client: HubClient): void => {
        hub.after(client, 100, () => {
          if (now() - (takenAtMicros.get(client) ?? 0) > DRIP_IDLE_MICROS) client.socket.destroy();
          else closeWhenIdle(client);
        });
      };
      return {
        evict(client) {
          hub.counters.evictions += 1;
          hub.leave(client);
          takenAtMicros.set(client, now());
          closeWhenIdle(client);
        },
        writeFrame(client, frame, kind, done) {
          if (frame.length <= DRIP_BYTES) {
            correct.writeFrame(client, frame, kind, done);
            return;
          }
          const piece = frame.subarray(0, DRIP_BYTES);
          correct.writeFrame(client, piece, kind, () => {
            takenAtMicros.set(client, now());
            hub.hooks.writeFrame(client, frame.subarray(DRIP_BYTES), kind, done);
          });
        },
      };
    },
  },
];
