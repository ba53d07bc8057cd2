// Compression over real sockets: who gets compressed frames, what clients may send compressed, and that a queue is counted
// in messages whatever their size on the wire is.
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { compress } from '../testing/hub/compression.ts';
import { countedEvent, upTo } from '../testing/peers/listening-peer.ts';
import { createStage, type RunningHub } from '../testing/peers/running-hub.ts';
import { encodeClientFrame, encodeFrame } from '../wire/frame-writer.ts';
import { hasSmallWindow } from '../wire/kernel/small-window-socket.ts';

const stage = createStage();
afterEach(() => stage.clear());

const start = () => stage.start({ compression: true, evictionGraceMillis: 10_000 });
const joinOffering = (running: RunningHub) => running.join({ offersDeflate: true });
const sendCompressed = (payload: Buffer) =>
  encodeFrame({ opcode: 1, reservedBits: 4, payload, mask: randomBytes(4) });

describe('a hub with compression', () => {
  it('agrees with clients that offer it, and sends them fewer bytes of the same events', async () => {
    const running = await start();
    const plain = await running.join();
    const offering = await Promise.all(upTo(3).map(() => joinOffering(running)));
    for (const { extensions } of offering)
      expect(extensions).toBe('permessage-deflate; server_no_context_takeover; client_no_context_takeover');
    expect(plain.extensions).toBeUndefined();
    const sizes = [0, 2_000, 0, 200, 70_000];
    for (const [sequence, bytes] of sizes.entries()) await running.hub.publish(countedEvent(sequence, bytes));
    await expect.poll(() => plain.texts().length).toBe(sizes.length);
    for (const client of offering) await expect.poll(() => client.texts()).toEqual(plain.texts());
    const read = offering.map(({ connection }) => connection.bytesRead);
    expect(new Set(read).size).toBe(1);
    expect(read[0]).toBeLessThan(plain.connection.bytesRead / 20);
  });

  it('declines what asks for a smaller window, and offers that are not legal', async () => {
    const running = await start();
    for (const offer of ['permessage-deflate; server_max_window_bits=10', 'permessage-deflate; =', ';']) {
      const client = await running.join({ headers: [['Sec-WebSocket-Extensions', offer]] });
      expect(client.extensions).toBeUndefined();
    }
  });

  it('reads compressed messages up to the limit that plain ones have', async () => {
    const running = await start();
    const client = await joinOffering(running);
    for (const _round of upTo(3)) client.connection.write(sendCompressed(compress('x'.repeat(65_536))));
    client.connection.write(encodeClientFrame(9, 'alive'));
    await expect.poll(() => client.events).toEqual([{ kind: 'pong', payload: Buffer.from('alive') }]);
    expect(client.connection.isOpen).toBe(true);
  });

  it.each([
    ['inflates to one byte more than allowed', compress('x'.repeat(65_537)), 1009],
    ['inflates to 50 MB', compress('x'.repeat(50_000_000)), 1009],
    ['cannot be inflated', Buffer.from('{"type":"t","appId":"a"}'), 1007],
  ])('ends a client whose message %s', async (_title, payload, code) => {
    const running = await start();
    const [client, other] = [await joinOffering(running), await joinOffering(running)];
    client.connection.write(sendCompressed(payload));
    await client.closed;
    expect(client.closeFrame()?.code).toBe(code);
    await running.hub.publish(countedEvent(1, 1_000));
    await expect.poll(() => other.sequences()).toEqual([1]);
  });

  it.skipIf(!hasSmallWindow())('evicts at the 66th outstanding message, as without', async () => {
    const running = await start();
    const slow = await running.join({ offersDeflate: true, window: 'small' });
    slow.connection.pauseReading();
    const fast = await joinOffering(running);
    const publish = (sequence: number) => {
      const event = countedEvent(sequence);
      const filler = randomBytes(150_000).toString('base64');
      return running.hub.publish({ ...event, payload: { ...event.payload, filler } });
    };
    await Promise.all(upTo(65).map(publish));
    await expect.poll(() => running.hub.stats()).toMatchObject({ broadcasts: 65, evictions: 0 });
    await publish(65);
    await expect.poll(() => running.hub.stats()).toMatchObject({ evictions: 1, clients: 1 });
    slow.connection.resumeReading();
    await slow.closed;
    expect(slow.sequences()).toEqual(upTo(65));
    expect(slow.closeFrame()).toEqual({ code: 1013, reason: 'slow consumer' });
    await expect.poll(() => fast.sequences()).toEqual(upTo(66));
  });

  it('compresses nothing without the option', async () => {
    const running = await stage.start();
    expect((await joinOffering(running)).extensions).toBeUndefined();
  });
});
