// An agent that publishes in turn, on a simulated clock: what it sends when, and when it sends nothing.
import { describe, expect, it } from 'vitest';
import type { FromProducer } from '../../load/coordinator/rota/producer-messages.ts';
import type { BroadcastOutcome } from '../../target/target.ts';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import type { Clock } from '../../time/clock.ts';
import { createAgentProducer } from './producer.ts';

const OFFSET_MICROS = 250_000;
const OPTIONS = { broadcastUrl: 'http://hub.example/broadcast', headers: [], takesBatches: true };

function setUp(outcomes: readonly BroadcastOutcome[] = [], earlyMillis = 0) {
  const clock = createSimulatedClock();
  const own: Clock = { ...clock, after: (millis, fire) => clock.after(millis - earlyMillis, fire) };
  const sent: { readonly texts: readonly string[]; readonly atMicros: number }[] = [];
  const said: FromProducer[] = [];
  const producer = createAgentProducer({
    clock: own,
    clockOffset: () => ({
      ...{ offsetMicros: OFFSET_MICROS, errorMicros: 80, atMicros: clock.nowMicros(), isContradicted: false },
    }),
    start: async () => ({
      ok: true,
      producer: {
        async broadcast(texts) {
          sent.push({ texts, atMicros: clock.nowMicros() });
          return outcomes[sent.length - 1] ?? { ok: true, accepted: texts.length };
        },
        warmUp: async () => {},
        close: async () => {},
      },
    }),
    send: (message) => said.push(message),
  });
  const fromMicros = clock.nowMicros() + OFFSET_MICROS + 400_000;
  const dues = [0, 100_000, 100_500, 900_000].map((inside) => fromMicros + inside);
  const texts = ['a', 'b', 'c', 'd'];
  producer.take({ kind: 'open', options: OPTIONS });
  producer.take({ kind: 'offer', block: 3, fromMicros, untilMicros: fromMicros + 1e6, texts, dues });
  const go = () => producer.take({ kind: 'go', block: 3, requestEvents: 8 });
  return { clock, producer, sent, said, go, dues, fromMicros };
}

describe('an agent that publishes in turn', () => {
  it('sends each event when its own clock says that it is due, and nothing before its go', async () => {
    const { clock, producer, sent, said, go, dues } = setUp();
    producer.heard(clock.nowMicros() + OFFSET_MICROS);
    await clock.advanceAsync(300);
    expect(said).toEqual([
      { kind: 'accepted', block: 3, offsetMicros: OFFSET_MICROS, errorMicros: expect.closeTo(780, 0) },
    ]);
    expect(sent).toEqual([]);
    go();
    await clock.advanceAsync(1_500);
    expect(sent.map(({ texts }) => texts)).toEqual([['a'], ['b'], ['c'], ['d']]);
    for (const [at, { atMicros }] of sent.entries()) {
      const lateMicros = atMicros + OFFSET_MICROS - (dues[at] ?? 0);
      expect(lateMicros).toBeGreaterThanOrEqual(0);
      expect(lateMicros).toBeLessThanOrEqual(1_000);
    }
    expect(said.slice(1).map((one) => [one.kind, 'first' in one ? one.first : undefined])).toEqual([
      ['sent', 0],
      ['sent', 1],
      ['sent', 2],
      ['sent', 3],
      ['done', undefined],
    ]);
    expect(said.at(-1)).toEqual({ kind: 'done', block: 3, unsent: 0 });
  });

  it('sends nothing before it is due where timers are early, as those of Node are', async () => {
    const { clock, producer, sent, go, dues } = setUp([], 0.4);
    producer.heard(clock.nowMicros() + OFFSET_MICROS);
    await clock.advanceAsync(100);
    go();
    await clock.advanceAsync(1_500);
    expect(sent).toHaveLength(4);
    for (const [at, { atMicros }] of sent.entries())
      expect(atMicros + OFFSET_MICROS).toBeGreaterThanOrEqual(dues[at] ?? 0);
  });

  it('declines where it cannot use what the coordinator says of the hub', async () => {
    const clock = createSimulatedClock();
    const said: FromProducer[] = [];
    const clockOffset = () => undefined;
    const start = () => Promise.reject(new TypeError('Invalid URL'));
    const producer = createAgentProducer({ clock, clockOffset, start, send: (one) => said.push(one) });
    producer.take({ kind: 'open', options: OPTIONS });
    producer.take({ kind: 'offer', block: 0, fromMicros: 5e6, untilMicros: 6e6, texts: ['a'], dues: [5e6] });
    await clock.advanceAsync(1);
    expect(said).toEqual([{ kind: 'declined', block: 0, problem: 'Invalid URL' }]);
  });

  it('sends together what is due at once, and goes on after a refusal, not after a failure', async () => {
    const refused: BroadcastOutcome = { ok: false, kind: 'refused', problem: 'no', accepted: 1, refused: 1 };
    const late: BroadcastOutcome = { ok: false, kind: 'timeout', problem: 'no answer' };
    const { clock, producer, sent, said, go } = setUp([refused, late]);
    await clock.advanceAsync(700);
    producer.heard(clock.nowMicros() + OFFSET_MICROS);
    go();
    await clock.advanceAsync(1_500);
    expect(sent.map(({ texts }) => texts)).toEqual([['a', 'b', 'c'], ['c']]);
    expect(said.at(-1)).toEqual({ kind: 'done', block: 3, unsent: 1 });
  });

  it('sends nothing more once the coordinator may have given it up', async () => {
    const { clock, producer, sent, said, go } = setUp();
    producer.heard(clock.nowMicros() + OFFSET_MICROS - 3_500_000);
    await clock.advanceAsync(1);
    go();
    await clock.advanceAsync(2_000);
    expect(sent.map(({ texts }) => texts)).toEqual([['a']]);
    expect(said.at(-1)).toEqual({ kind: 'done', block: 3, unsent: 3 });
  });

  it('sends nothing more of a block that has ended', async () => {
    const { clock, producer, sent, said, go } = setUp();
    producer.heard(clock.nowMicros() + OFFSET_MICROS);
    await clock.advanceAsync(1);
    go();
    await clock.advanceAsync(420);
    producer.take({ kind: 'end', block: 3 });
    await clock.advanceAsync(2_000);
    expect(sent.map(({ texts }) => texts)).toEqual([['a']]);
    expect(said.at(-1)).toEqual({ kind: 'done', block: 3, unsent: 3 });
  });
});
