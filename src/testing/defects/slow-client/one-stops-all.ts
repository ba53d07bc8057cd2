// Slow clients: one that does not read stops or delays every other client (B01, B02, B05) or the producers (B24).
import type { Defect } from '../../defect.ts';
import { type HookableHub, isFull } from '../../hub/hookable-hub.ts';
import { outstandingMessages } from '../../hub/hub-client.ts';
import type { HubChange } from '../../hub/hub-hooks.ts';

const WRITERS = 4;
const EVICTION_SLOTS = 2;

const pause = (hub: HookableHub, millis: number): Promise<void> =>
  new Promise((resume) => hub.options.clock.after(millis, resume));

/** Stops the run loop for this long when a queue is full, in the hope that the client reads. */
const waitsBeforeEviction =
  (millis: number): HubChange<HookableHub> =>
  (hub, correct) => ({
    async overflow(client, message) {
      await pause(hub, millis);
      if (isFull(hub, client)) await correct.overflow(client, message);
      else hub.enqueue(client, message);
    },
  });

const neverResolves = (): Promise<void> => new Promise(() => {});

export const ONE_STOPS_ALL: readonly Defect[] = [
  // `c.send <- m` without a default. Healthy readers get 65 more events, then nothing until the slow one reads.
  {
    id: 'head-of-line-block',
    bugClass: 'B01',
    summary: 'a client with a full queue stops delivery to everybody',
    severity: 'critical',
    namedBy: { 'slow-client.evicted': 'fail' },
    change: (hub) => ({
      async overflow(client, message) {
        while (client.phase === 'open' && isFull(hub, client)) await pause(hub, 5);
        if (client.phase === 'open') hub.enqueue(client, message);
      },
    }),
  },
  // `await connection.send(…)` in a loop. Nothing arrives once the kernel buffers of the slow client are full.
  {
    id: 'sequential-send',
    bugClass: 'B01',
    summary: 'the run loop waits for each client in turn, so that one that does not read stops everybody',
    severity: 'critical',
    namedBy: { 'slow-client.evicted': 'fail' },
    change: () => ({
      deliver: (client, message) =>
        new Promise<void>((resume) => {
          if (client.phase !== 'open') return resume();
          client.socket.once('close', resume);
          client.socket.write(message.frame, () => {
            client.socket.off('close', resume);
            resume();
          });
        }),
    }),
  },
  // Four writers serve all clients, and a write blocks its writer until the kernel has taken it.
  {
    id: 'shared-writers',
    bugClass: 'B01',
    summary: 'four stalled clients together stop delivery to everybody, fewer do not',
    severity: 'critical',
    namedBy: { 'slow-client.others-unharmed': 'fail' },
    change() {
      const waiting: (() => void)[] = [];
      let freeWriters = WRITERS;
      const release = (): void => {
        const next = waiting.shift();
        if (next === undefined) freeWriters += 1;
        else next();
      };
      return {
        writeFrame(client, frame, _kind, done) {
          const write = (): void => {
            client.socket.write(frame, (error) => {
              release();
              if (!error) done();
            });
          };
          if (freeWriters === 0) {
            waiting.push(write);
            return;
          }
          freeWriters -= 1;
          write();
        },
      };
    },
  },
  // The run loop sends to its own unregister channel, or takes a lock that it holds. The slow client stays open,
  // too.
  {
    id: 'evict-deadlock',
    bugClass: 'B02',
    summary: 'the first eviction stops the run loop forever',
    severity: 'critical',
    namedBy: { 'slow-client.evicted': 'fail' },
    change: () => ({ overflow: neverResolves }),
  },
  // The unregister channel holds one entry. The second eviction on the same event waits for the loop that is
  // waiting.
  {
    id: 'second-eviction-deadlock',
    bugClass: 'B02',
    summary: 'two clients that overflow on the same event stop the run loop forever; one alone does not',
    severity: 'critical',
    namedBy: { 'slow-client.others-unharmed': 'fail' },
    change(_hub, correct) {
      let evictedOn = -1;
      return {
        overflow(client, message) {
          if (evictedOn === message.number) return neverResolves();
          evictedOn = message.number;
          return correct.overflow(client, message);
        },
      };
    },
  },
  // Each eviction takes a slot that is never given back.
  {
    id: 'third-eviction-deadlock',
    bugClass: 'B02',
    summary: 'the third eviction since the start of the hub stops the run loop forever',
    severity: 'critical',
    namedBy: { 'slow-client.again-and-again': 'fail' },
    change(_hub, correct) {
      let taken = 0;
      return {
        overflow(client, message) {
          taken += 1;
          return taken > EVICTION_SLOTS ? neverResolves() : correct.overflow(client, message);
        },
      };
    },
  },
  // `case <-time.After(time.Second)` on a full queue.
  {
    id: 'timed-block',
    bugClass: 'B05',
    summary: 'every eviction stops the run loop for a second',
    severity: 'critical',
    namedBy: { 'slow-client.others-unharmed': 'fail' },
    change: waitsBeforeEviction(1_000),
  },
  // It hides in the noise with one slow client and adds up to two seconds with twenty.
  {
    id: 'timed-block-short',
    bugClass: 'B05',
    summary: 'every eviction stops the run loop for 200 ms, which adds up over many slow clients',
    severity: 'critical',
    namedBy: { 'slow-client.others-unharmed': 'fail' },
    change: waitsBeforeEviction(200),
  },
  // Below what one late event shows.
  {
    id: 'timed-block-tiny',
    bugClass: 'B05',
    summary: 'every eviction stops the run loop for 20 ms: one event reaches everybody late',
    severity: 'high',
    namedBy: { 'slow-client.fast-not-delayed': 'fail' },
    change: waitsBeforeEviction(20),
  },
  // `await Promise.race([Promise.all(writes), sleep(50)])`.
  {
    id: 'writes-awaited-briefly',
    bugClass: 'B05',
    summary:
      'the run loop waits up to 50 ms for all writes, so every event is late as long as a client is stalled',
    severity: 'high',
    namedBy: { 'slow-client.fast-not-delayed': 'fail' },
    change(hub, correct) {
      const underWay = new Set<Promise<void>>();
      return {
        writeFrame(client, frame, _kind, done) {
          const written = new Promise<void>((resume) => {
            client.socket.write(frame, (error) => {
              resume();
              if (!error) done();
            });
          });
          underWay.add(written);
          void written.then(() => underWay.delete(written));
        },
        async fanOut(message) {
          await correct.fanOut(message);
          await Promise.race([Promise.all(underWay), pause(hub, 50)]);
        },
      };
    },
  },
  // A retry with a short sleep for each client that has not taken the last event.
  {
    id: 'laggards-retried',
    bugClass: 'B05',
    summary: 'each event takes 4 ms longer for each client that is behind',
    severity: 'high',
    namedBy: { 'slow-client.fast-not-delayed': 'fail' },
    change: (hub, correct) => ({
      async fanOut(message) {
        const laggards = [...hub.clients].filter((client) => outstandingMessages(client) > 1).length;
        if (laggards > 0) await pause(hub, 4 * laggards);
        await correct.fanOut(message);
      },
    }),
  },
  // One client that does not read blocks every producer.
  {
    id: 'publisher-waits',
    bugClass: 'B24',
    summary: 'a broadcast request is answered only when every client has taken the event',
    severity: 'high',
    namedBy: { 'slow-client.evicted': 'fail' },
    change: (hub, correct) => ({
      async publish(texts) {
        const answer = await correct.publish(texts);
        await hub.flushed();
        while ([...hub.clients].some((client) => outstandingMessages(client) > 0)) await pause(hub, 5);
        return answer;
      },
    }),
  },
  // Producers are slowed down to the pace of the slowest client.
  {
    id: 'publisher-waits-for-laggards',
    bugClass: 'B24',
    summary: 'while a client is half a buffer behind, every broadcast request takes 250 ms longer',
    severity: 'high',
    namedBy: { 'slow-client.producers-unharmed': 'fail' },
    change: (hub, correct) => ({
      async publish(texts) {
        const answer = await correct.publish(texts);
        if ([...hub.clients].some((client) => outstandingMessages(client) > 32)) await pause(hub, 250);
        return answer;
      },
    }),
  },
];
