// How clients come back: the words, and the delays that follow from them.
import { describe, expect, it } from 'vitest';
import { type ReconnectPolicy, returnDelayMillis } from './reconnect.ts';
import { parseReconnect, renderReconnect } from './reconnect-language.ts';

const BACKOFF = { kind: 'backoff', minMillis: 250, maxMillis: 8_000, factor: 2, jitter: 'full' } as const;

describe('a policy', () => {
  it.each<[string, string | undefined, ReconnectPolicy]>([
    ['backoff', undefined, BACKOFF],
    ['backoff(min=250ms,max=8s,factor=2,jitter=full)', undefined, BACKOFF],
    ['fast = backoff( max=1s , jitter=none )', 'fast', { ...BACKOFF, maxMillis: 1_000, jitter: 'none' }],
    ['immediately', undefined, { kind: 'immediately' }],
    ['slow-one=immediately', 'slow-one', { kind: 'immediately' }],
  ])('%s is read', (text, cohort, policy) => {
    expect(parseReconnect(text)).toEqual({ ok: true, value: { cohort, policy } });
    expect(parseReconnect(renderReconnect(policy))).toMatchObject({ value: { policy } });
  });

  it.each([
    ['imediately', 'did you mean immediately?'],
    ['', 'write backoff('],
    ['immediately(1s)', 'immediately takes no parameters'],
    ['backoff(jiter=full)', 'backoff takes no "jiter=full"; it takes min, max, factor, jitter'],
    ['backoff(min=1s,min=2s)', 'min is given twice'],
    ['backoff(min=0ms)', 'min must be at least 1ms'],
    ['backoff(min=10s)', 'max must be at least min'],
    ['backoff(factor=0.5)', 'factor=0.5 is not 1 to 100'],
    ['backoff(jitter=some)', 'jitter=some is not full or none'],
    ['fast=', 'write backoff('],
  ])('%s is refused', (text, problem) => {
    const read = parseReconnect(text);
    expect(read.ok).toBe(false);
    expect(read.ok ? '' : read.problem).toContain(problem);
  });
});

describe('the delay before an attempt', () => {
  it('doubles up to its limit', () => {
    const delays = [0, 1, 2, 5, 6, 1_000].map((attempt) =>
      returnDelayMillis({ ...BACKOFF, jitter: 'none' }, attempt, 0.5),
    );
    expect(delays).toEqual([250, 500, 1_000, 8_000, 8_000, 8_000]);
  });

  it('is drawn from the whole of that with full jitter', () => {
    expect([0, 0.25, 1].map((fraction) => returnDelayMillis(BACKOFF, 2, fraction))).toEqual([0, 250, 1_000]);
  });

  it('is none at first for a client that comes back immediately, and short then', () => {
    expect([0, 1, 2].map((attempt) => returnDelayMillis({ kind: 'immediately' }, attempt, 0.5))).toEqual([
      0, 100, 100,
    ]);
  });
});
