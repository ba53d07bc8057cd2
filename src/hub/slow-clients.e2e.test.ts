// Slow clients over real sockets: who is kept and who is evicted to the message, what an evicted client has received,
// and that others feel nothing of it.
import { afterEach, describe, expect, it } from 'vitest';
import { countedEvent, type ListeningPeer, upTo } from '../testing/peers/listening-peer.ts';
import { createStage, type RunningHub } from '../testing/peers/running-hub.ts';
import { type Clock, systemClock } from '../time/clock.ts';
import { encodeClientFrame } from '../wire/frame-writer.ts';
import { hasSmallWindow } from '../wire/kernel/small-window-socket.ts';

const stage = createStage();
afterEach(() => stage.clear());

const FRAME_BYTES = 256 * 1024;

/** Publishes counted events in one burst and waits until the hub has fanned all of them out. */
async function burst({ hub }: RunningHub, from: number, count: number, bytes: number): Promise<void> {
  const target = hub.stats().broadcasts + count;
  await Promise.all(upTo(count).map((index) => hub.publish(countedEvent(from + index, bytes))));
  await expect.poll(() => hub.stats().broadcasts).toBe(target);
}

async function stalledPeer(running: RunningHub): Promise<ListeningPeer> {
  const peer = await running.join({ window: 'small' });
  peer.connection.pauseReading();
  return peer;
}

/** Resolves when the kernel takes nothing more for the stalled client. */
async function settle({ hub }: RunningHub): Promise<number> {
  let outstanding = -1;
  await expect
    .poll(
      () => {
        const before = outstanding;
        outstanding = hub.stats().outstandingMessages;
        return outstanding > 0 && outstanding === before;
      },
      { interval: 300 },
    )
    .toBe(true);
  return outstanding;
}

describe.skipIf(!hasSmallWindow())(
  'a stalled client, exactly (needs koffi for a tiny receive window)',
  () => {
    it('keeps a client with 65 messages outstanding and delivers all of them', async () => {
      const running = await stage.start();
      const slow = await stalledPeer(running);
      await burst(running, 0, 65, FRAME_BYTES);
      expect(running.hub.stats()).toMatchObject({ evictions: 0, outstandingMessages: 65 });
      slow.connection.resumeReading();
      await expect.poll(() => slow.sequences().length).toBe(65);
      expect(slow.sequences()).toEqual(upTo(65));
      expect(slow.connection.isOpen).toBe(true);
    });

    it('evicts the client whose 66th message is outstanding: prefix, Close 1013, no harm to others', async () => {
      const running = await stage.start({ evictionGraceMillis: 10_000 });
      const slow = await stalledPeer(running);
      const fast = await running.join();
      await burst(running, 0, 66, FRAME_BYTES);
      expect(running.hub.stats()).toMatchObject({ evictions: 1, clients: 1 });
      slow.connection.resumeReading();
      await slow.closed;
      expect(slow.sequences()).toEqual(upTo(65));
      expect(slow.events.at(-1)?.kind).toBe('close');
      expect(slow.closeFrame()).toEqual({ code: 1013, reason: 'slow consumer' });
      await expect.poll(() => fast.sequences()).toEqual(upTo(66));
      expect(running.hub.stats().departures).toEqual({ 'slow consumer': 1 });
    });

    it.each([8, 200])('moves both with a client buffer of %i', async (clientBufferMessages) => {
      const running = await stage.start({ clientBufferMessages, evictionGraceMillis: 10_000 });
      const slow = await stalledPeer(running);
      await burst(running, 0, clientBufferMessages + 1, FRAME_BYTES);
      expect(running.hub.stats().evictions).toBe(0);
      await burst(running, clientBufferMessages + 1, 1, FRAME_BYTES);
      expect(running.hub.stats().evictions).toBe(1);
      slow.connection.resumeReading();
      await slow.closed;
      expect(slow.sequences()).toEqual(upTo(clientBufferMessages + 1));
    });

    it('counts to the message in a batch that the kernel took in part', async () => {
      const running = await stage.start({ evictionGraceMillis: 10_000 });
      const slow = await stalledPeer(running);
      // Less than one turn, so that all of it is one write; the kernel has room for some.
      await burst(running, 0, 28, 8_000);
      const outstanding = await settle(running);
      const taken = running.hub.stats().deliveries;
      expect(taken).toBeGreaterThan(0);
      expect(taken + outstanding).toBe(28);
      await burst(running, 28, 65 - outstanding, 8_000);
      expect(running.hub.stats()).toMatchObject({ evictions: 0, outstandingMessages: 65 });
      await burst(running, 28 + 65 - outstanding, 1, 8_000);
      expect(running.hub.stats().evictions).toBe(1);
      slow.connection.resumeReading();
      await slow.closed;
      expect(slow.sequences()).toEqual(upTo(taken + 65));
      expect(slow.closeFrame()?.code).toBe(1013);
    });

    it('sends nothing behind the Close that answers the Close of a client with a backlog', async () => {
      const running = await stage.start();
      const slow = await stalledPeer(running);
      await burst(running, 0, 20, FRAME_BYTES);
      slow.connection.write(encodeClientFrame(8, Buffer.from([0x03, 0xe8])));
      await expect.poll(() => running.hub.stats().clients).toBe(0);
      slow.connection.resumeReading();
      await slow.closed;
      const kinds = slow.events.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind !== 'text').length).toBeLessThanOrEqual(1);
      expect(kinds.indexOf('close')).toBe(kinds.includes('close') ? kinds.length - 1 : -1);
      expect(slow.sequences()).toEqual(upTo(slow.sequences().length));
    });

    it('keeps a reader that is slower than the rest but drains in time', async () => {
      const running = await stage.start();
      const reader = await running.join({ window: 'small' });
      for (const round of upTo(10)) {
        reader.connection.pauseReading();
        await burst(running, round * 60, 60, 16 * 1024);
        reader.connection.resumeReading();
        await expect.poll(() => reader.sequences().length).toBe((round + 1) * 60);
      }
      expect(reader.sequences()).toEqual(upTo(600));
      expect(running.hub.stats().evictions).toBe(0);
    });

    it('answers the pings of a client that reads, however many events are on their way to it', async () => {
      const running = await stage.start();
      const reader = await running.join({ window: 'small' });
      for (const round of upTo(20)) {
        reader.connection.write(encodeClientFrame(9, `ping ${round}`));
        await burst(running, round * 5, 5, FRAME_BYTES);
        await expect.poll(() => reader.sequences().length).toBe((round + 1) * 5);
      }
      await expect.poll(() => reader.events.filter(({ kind }) => kind === 'pong').length).toBe(20);
    });
  },
);

describe('a stalled client with ordinary buffers', () => {
  it('is really disconnected though it never reads again', async () => {
    const running = await stage.start({ evictionGraceMillis: 50, clientBufferMessages: 2 });
    const slow = await running.join();
    slow.connection.pauseReading();
    await burst(running, 0, 12, 4 * 1024 * 1024);
    await expect.poll(() => running.hub.stats().evictions).toBe(1);
    const pongs = setInterval(() => slow.connection.write(encodeClientFrame(10)), 20);
    stage.onEnd(() => clearInterval(pongs));
    expect((await slow.closed).kind).toBe('reset');
  });

  it('leaves others alone, also when many overflow on the same event', async () => {
    const running = await stage.start({ evictionGraceMillis: 50, clientBufferMessages: 4 });
    const slow = await Promise.all(upTo(8).map(() => running.join()));
    const fast = await Promise.all(upTo(8).map(() => running.join()));
    for (const peer of slow) peer.connection.pauseReading();
    for (const sequence of upTo(16)) {
      await burst(running, sequence, 1, 4 * 1024 * 1024);
      for (const peer of fast) await expect.poll(() => peer.events.length).toBe(sequence + 1);
    }
    expect(running.hub.stats()).toMatchObject({ clients: 8, evictions: 8 });
    for (const peer of fast) expect(peer.sequences()).toEqual(upTo(16));
  }, 60_000);

  it('is given up by unanswered pings only when its bytes have stopped moving', async () => {
    const pings = createPingClock();
    const running = await stage.start({ pingIntervalMillis: PING_INTERVAL_MILLIS, clock: pings.clock });
    const crawling = await running.join({ readBuffer: Buffer.alloc(8 * 1024) });
    const { connection } = crawling;
    connection.pauseReading();
    await burst(running, 0, 8, 4 * 1024 * 1024);
    // Reads more in every ping interval than a window update needs, never enough to see the ping behind the backlog.
    for (let interval = 0; interval < 5; interval += 1) {
      for (const untilBytes = connection.bytesRead + 3 * 1024 * 1024; connection.bytesRead < untilBytes; ) {
        connection.resumeReading();
        await turn();
        connection.pauseReading();
      }
      pings.elapse();
      expect(running.hub.stats()).toMatchObject({ clients: 1, departures: {} });
    }
    expect(running.hub.stats().outstandingMessages).toBeGreaterThan(0);
    await expect
      .poll(() => {
        pings.elapse();
        return running.hub.stats().departures;
      })
      .toEqual({ 'unanswered pings': 1 });
  });
});

/** One turn of the event loop, in which a socket reads a bounded number of times. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Of no other timer of the hub. */
const PING_INTERVAL_MILLIS = 271_828;

/** The clock of the machine, except that the test ends each ping interval. */
function createPingClock() {
  let elapse = (): void => {};
  const clock: Clock = {
    ...systemClock,
    after(delayMillis, fire) {
      if (delayMillis !== PING_INTERVAL_MILLIS) return systemClock.after(delayMillis, fire);
      elapse = fire;
      return { cancel: () => (elapse = () => {}) };
    },
  };
  return { clock, elapse: () => elapse() };
}
