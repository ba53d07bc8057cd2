// Waiting for a moment: never resolves early, and resolves at once when it is aborted.
import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { pauseUntil } from './exact-pause.ts';

describe('pauseUntil', () => {
  it('never resolves before its moment, which a timer may', async () => {
    for (const millis of [0.4, 1.3, 2.7, 5.1]) {
      const atMicros = systemClock.nowMicros() + millis * 1e3;
      await pauseUntil(systemClock, atMicros);
      expect(systemClock.nowMicros()).toBeGreaterThanOrEqual(atMicros);
    }
  });

  it('is over at once for a moment that has passed, and when it is aborted', async () => {
    await pauseUntil(systemClock, systemClock.nowMicros() - 1e6);
    const stop = new AbortController();
    const waiting = pauseUntil(systemClock, systemClock.nowMicros() + 600e6, stop.signal);
    stop.abort();
    await waiting;
  });
});
