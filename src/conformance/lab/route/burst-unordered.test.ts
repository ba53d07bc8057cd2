// A burst to a hub that takes one event a request: many requests at the same time, and an end to it.
import { describe, expect, it } from 'vitest';
import { createSeries } from '../../../session/series.ts';
import type { BroadcastOutcome, Target } from '../../../target/target.ts';
import { burstUnordered, noBurst } from './burst-unordered.ts';

function setUp(answer: (request: number) => BroadcastOutcome) {
  const seen = { requests: 0, running: 0, mostAtOnce: 0, nowMillis: 0 };
  const abilities = { batch: false } as Target['abilities'];
  const parts = {
    target: { abilities } as Target,
    series: createSeries('burst'),
    nowMillis: () => seen.nowMillis,
    tryBurst: () => Promise.reject(new Error('not in one request')),
    async send(texts: readonly string[]) {
      // The trial of several events.
      if (texts.length > 1) return { ok: true, accepted: texts.length } as const;
      seen.running++;
      seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.running);
      await Promise.resolve();
      seen.running--;
      seen.nowMillis += 10;
      return answer(seen.requests++);
    },
  };
  return { seen, parts };
}

const accepted: BroadcastOutcome = { ok: true, accepted: 1 };
const shapes = Array.from({ length: 100 }, () => ({}));

describe('burstUnordered', () => {
  it('makes 32 requests at the same time, one for each event', async () => {
    const { seen, parts } = setUp(() => accepted);
    const burst = await burstUnordered(parts, shapes);
    expect(burst).toMatchObject({ isOneEach: true, outcome: { ok: true, accepted: 100 }, tookMillis: 1_000 });
    expect(seen).toMatchObject({ requests: 100, mostAtOnce: 32 });
  });

  it('ends at its deadline, and says how many events the hub took', async () => {
    const { parts } = setUp(() => accepted);
    const { outcome } = await burstUnordered(parts, shapes, 400);
    expect(outcome).toMatchObject({ ok: false, kind: 'timeout' });
    expect(outcome).toHaveProperty('problem', expect.stringMatching(/^the hub took \d\d of 100 events/));
  });

  it('ends with the first refusal', async () => {
    const refused: BroadcastOutcome = { ok: false, kind: 'refused', problem: 'full' };
    const { seen, parts } = setUp((request) => (request < 5 ? accepted : refused));
    expect((await burstUnordered(parts, shapes)).outcome).toBe(refused);
    expect(seen.requests).toBeLessThan(64);
  });
});

describe('noBurst', () => {
  it('skips with the rate that was reached', () => {
    expect(noBurst(256, 128).reason).toBe(
      'no burst reached the hub, which takes one event a request: 256 events in 128 ms (2000 a second), many requests at the same time; all of them arrived',
    );
  });
});
