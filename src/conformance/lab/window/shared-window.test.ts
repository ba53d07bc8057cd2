// The window that all checks share, in simulated time: who is waited for, for how long, and in which order.
import { describe, expect, it } from 'vitest';
import { createSeries } from '../../../session/series.ts';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { createRawReader } from './raw-reader.ts';
import { createSharedWindow, NEW_SILENT_MILLIS, SILENT_MILLIS } from './shared-window.ts';

const PREFIX = 'cabx';

function open(limit = 32) {
  const clock = createSimulatedClock();
  const window = createSharedWindow({ limit, runPrefix: PREFIX, clock });
  const series = [1, 2, 3].map((at) => createSeries(`${PREFIX}0000${at}`));
  const texts = (check: number, count: number): string[] =>
    Array.from({ length: count }, () => series[check]?.next().text ?? '');
  return { clock, window, texts };
}

const messages = (texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text));

describe('the shared window', () => {
  it('counts the events of one check for the clients of another', () => {
    const { window, texts } = open();
    const idle = window.addReader();
    const first = texts(0, 32);
    window.request(first).accepted();
    const second = window.request(texts(1, 1));
    expect(second.isAdmitted).toBe(false);
    idle.sawMessage(messages(first)[0] as Buffer);
    expect(second.isAdmitted).toBe(true);
  });

  it('waits for the slowest of all clients', () => {
    const { window, texts } = open();
    const [fast, slow] = [window.addReader(), window.addReader()];
    const first = texts(0, 20);
    window.request(first).accepted();
    const second = window.request(texts(1, 20));
    for (const message of messages(first)) fast.sawMessage(message);
    expect(second.isAdmitted).toBe(false);
    for (const message of messages(first).slice(0, 7)) slow.sawMessage(message);
    expect(second.isAdmitted).toBe(false);
    slow.sawMessage(messages(first)[7] as Buffer);
    expect(second.isAdmitted).toBe(true);
  });

  it('serves checks in the order in which they came, however few events they have', () => {
    const { window, texts } = open(4);
    const reader = window.addReader();
    const [first, second] = [texts(0, 3), texts(1, 3)];
    window.request(first).accepted();
    const large = window.request(second);
    const small = window.request(texts(2, 1));
    expect([large.isAdmitted, small.isAdmitted]).toEqual([false, false]);
    for (const message of messages(first).slice(0, 2)) reader.sawMessage(message);
    expect([large.isAdmitted, small.isAdmitted]).toEqual([true, false]);
    reader.sawMessage(messages(first)[2] as Buffer);
    expect(small.isAdmitted).toBe(true);
  });

  it('does not wait for clients that stopped reading, and waits again once they read', () => {
    const { window, texts } = open();
    const reader = window.addReader();
    window.request(texts(0, 32)).accepted();
    const second = window.request(texts(1, 32));
    reader.pause();
    expect(second.isAdmitted).toBe(true);
    reader.resume();
    window.request(texts(0, 32)).accepted();
    expect(window.request(texts(1, 1)).isAdmitted).toBe(false);
  });

  it('does not wait for clients that have left', () => {
    const { window, texts } = open();
    const reader = window.addReader();
    window.request(texts(0, 32)).accepted();
    const second = window.request(texts(1, 32));
    reader.leave();
    expect(second.isAdmitted).toBe(true);
  });

  it('goes on without a client that receives nothing, until it receives something', async () => {
    const { clock, window, texts } = open();
    const deaf = window.addReader();
    const seen = texts(0, 1);
    window.request(seen).accepted();
    deaf.sawMessage(messages(seen)[0] as Buffer);
    window.request(texts(0, 32)).accepted();
    const second = window.request(texts(1, 32));
    await clock.advanceAsync(SILENT_MILLIS - 1);
    expect(second.isAdmitted).toBe(false);
    await clock.advanceAsync(2);
    expect(second.isAdmitted).toBe(true);
    const third = texts(0, 32);
    expect(window.request(third).isAdmitted).toBe(true);
    deaf.sawMessage(messages(third)[0] as Buffer);
    window.request(texts(0, 32)).accepted();
    expect(window.request(texts(1, 1)).isAdmitted).toBe(false);
    expect(clock.pendingTimers).toBe(1);
  });

  it('soon gives up once what a client has not seen that has just joined, and then waits for it like for others', async () => {
    const { clock, window, texts } = open();
    window.addReader();
    window.request(texts(0, 32)).accepted();
    const second = window.request(texts(1, 32));
    await clock.advanceAsync(NEW_SILENT_MILLIS - 1);
    expect(second.isAdmitted).toBe(false);
    await clock.advanceAsync(2);
    expect(second.isAdmitted).toBe(true);
    const third = window.request(texts(2, 1));
    await clock.advanceAsync(SILENT_MILLIS - 2);
    expect(third.isAdmitted).toBe(false);
    await clock.advanceAsync(5);
    expect(third.isAdmitted).toBe(true);
  });

  it('waits as long as it takes for a client that receives event after event', async () => {
    const { clock, window, texts } = open();
    const slow = window.addReader();
    const seen = texts(0, 1);
    window.request(seen).accepted();
    slow.sawMessage(messages(seen)[0] as Buffer);
    const first = texts(0, 32);
    window.request(first).accepted();
    const second = window.request(texts(1, 32));
    for (const message of messages(first)) {
      expect(second.isAdmitted).toBe(false);
      await clock.advanceAsync(SILENT_MILLIS * 0.9);
      slow.sawMessage(message);
    }
    expect(second.isAdmitted).toBe(true);
  });

  it('does not wait for events that a later one has overtaken for good', () => {
    const { window, texts } = open();
    const late = window.addReader();
    const before = window.request(texts(0, 31));
    const meanwhile = texts(1, 1);
    window.request(meanwhile).accepted();
    before.accepted();
    late.sawMessage(messages(meanwhile)[0] as Buffer);
    const after = texts(2, 1);
    // The first 31 may still come: the hub had not answered them when the one that arrived was sent.
    window.request(after).accepted();
    expect(window.request(texts(0, 1)).isAdmitted).toBe(false);
    late.sawMessage(messages(after)[0] as Buffer);
    expect(window.request(texts(0, 31)).isAdmitted).toBe(true);
  });

  it('forgets events that the hub refused, and requests that were given up', () => {
    const { window, texts } = open();
    window.addReader();
    const refused = window.request(texts(0, 32));
    const givenUp = window.request(texts(1, 32));
    const third = window.request(texts(2, 32));
    givenUp.withdraw();
    expect(third.isAdmitted).toBe(false);
    refused.withdraw();
    expect(third.isAdmitted).toBe(true);
    expect(givenUp.isAdmitted).toBe(false);
  });

  it('knows events in merged messages, and counts the first of a message that holds several', () => {
    const { window, texts } = open();
    const reader = window.addReader();
    const first = texts(0, 32);
    window.request(first).accepted();
    reader.sawMessage(Buffer.from(`[${first.join(',')}]`));
    expect(window.request(texts(1, 32)).isAdmitted).toBe(true);
  });

  it('waits for a connection of raw bytes once it is answered 101', () => {
    const { window, texts } = open();
    const raw = createRawReader(window);
    raw.read(Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: web'));
    raw.read(Buffer.from('socket\r\n\r\n'));
    const first = texts(0, 32);
    window.request(first).accepted();
    const second = window.request(texts(1, 1));
    expect(second.isAdmitted).toBe(false);
    const payload = Buffer.from(first[0] ?? '');
    raw.read(Buffer.concat([Buffer.from([0x81, 126, payload.length >> 8, payload.length & 255]), payload]));
    expect(second.isAdmitted).toBe(true);
  });

  it('does not wait for a connection that was refused', () => {
    const { window, texts } = open();
    createRawReader(window).read(Buffer.from('HTTP/1.1 403 Forbidden\r\n\r\n'));
    window.request(texts(0, 32)).accepted();
    expect(window.request(texts(1, 32)).isAdmitted).toBe(true);
  });
});
