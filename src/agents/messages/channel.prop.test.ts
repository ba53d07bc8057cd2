// A channel over a bus that loses messages: everything arrives, once and in order, and what was lost is counted.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSimulatedBus } from '../../testing/agents/simulated-bus.ts';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { Channel } from './channel.ts';
import { decodePayload, encodePayload } from './payload.ts';

const [TO, FROM, ASK, ASKED] = ['to', 'from', 'ask', 'asked'];
const BEAT_MILLIS = 500;

function open(isLost: (subject: string) => boolean, maxPayloadBytes = 1024 * 1024) {
  const clock = createSimulatedClock();
  const net = createSimulatedBus({ clock, isLost, maxPayloadBytes });
  const received: unknown[] = [];
  const broken: string[] = [];
  const parts = { run: 'r1', nowMicros: clock.nowMicros, onBroken: (why: string) => void broken.push(why) };
  const one = new Channel({
    ...{ ...parts, bus: net.connect(), onMessage: () => {} },
    subjects: { out: TO, in: FROM, ask: ASK, answer: ASKED },
  });
  const other = new Channel({
    ...{ ...parts, bus: net.connect(), onMessage: (body: unknown) => void received.push(body) },
    subjects: { out: FROM, in: TO, ask: ASKED, answer: ASK },
  });
  async function beat(times: number): Promise<void> {
    for (let at = 0; at < times; at++) {
      await clock.advanceAsync(BEAT_MILLIS);
      const [mine, theirs] = [one.state(), other.state()];
      other.heard(mine);
      one.heard(theirs);
    }
    await clock.advanceAsync(10);
  }
  return { one, other, received, broken, net, beat };
}

describe('a channel', () => {
  it('delivers everything once and in order, whatever the bus loses', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 40 }), fc.nat(20), async (losses, messages) => {
        let at = 0;
        const { one, other, received, broken, beat } = open(() => losses[at++] === true);
        for (let number = 0; number < messages; number++) {
          one.send({ number });
          if (number % 7 === 3) await beat(1);
        }
        at = losses.length;
        // Requests that were lost are given up after four beats.
        await beat(12);
        expect(received).toEqual(Array.from({ length: messages }, (_, number) => ({ number })));
        expect(other.lostMessages).toBeLessThanOrEqual(messages);
        if (!losses.includes(true)) expect(other.lostMessages).toBe(0);
        expect(broken).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('says how many messages were missing for a while', async () => {
    let isDown = false;
    const { one, other, received, beat } = open((subject) => isDown && subject === TO);
    one.send(1);
    isDown = true;
    one.send(2);
    one.send(3);
    isDown = false;
    one.send(4);
    await beat(2);
    expect([received, other.lostMessages]).toEqual([[1, 2, 3, 4], 2]);
  });

  it('sends nothing that the server does not take: long messages are pulled in pieces', async () => {
    const { one, other, received, net, beat } = open(() => false, 4_096);
    const long = 'x'.repeat(20_000);
    one.send(long);
    one.send('next');
    await beat(4);
    expect(received).toEqual([long, 'next']);
    expect(net.refusedMessages).toBe(0);
    // What waits for a long message is not lost.
    expect(other.lostMessages).toBe(0);
  });

  it('breaks with a sentence when the other end cannot send again what is missing', async () => {
    let isDown = true;
    const { one, broken, beat } = open((subject) => isDown && subject === TO);
    one.send(1);
    one.heard({ sent: 0, have: 1 });
    isDown = false;
    one.send(2);
    await beat(1);
    expect(broken).toEqual(['messages were lost that the other end does not keep any more']);
  });
});

it('breaks with a sentence at a message that its program cannot use', async () => {
  const clock = createSimulatedClock();
  const net = createSimulatedBus({ clock });
  const broken: string[] = [];
  new Channel({
    ...{ run: 'r1', nowMicros: clock.nowMicros, bus: net.connect() },
    subjects: { out: FROM, in: TO, ask: ASKED, answer: ASK },
    onBroken: (why) => void broken.push(why),
    onMessage: (body) => void (body as readonly unknown[]).map(String),
  });
  net.connect().publish(TO, encodePayload({ run: 'r1', number: 1, atMicros: 0, body: 5 }));
  await clock.advanceAsync(10);
  expect(broken).toEqual([expect.stringContaining('message 1 of the other end cannot be used')]);
});

describe('a message', () => {
  it('keeps what JSON lacks', () => {
    const message = {
      ofCohorts: new Map([['fast', { headers: [['a', 'b']] }]]),
      micros: Float64Array.of(1.5, 0, 3e12),
      pfx: Buffer.from('key'),
      until: Number.POSITIVE_INFINITY,
      text: 'ü\u2028',
    };
    expect(decodePayload(encodePayload(message))).toEqual(message);
  });
});
