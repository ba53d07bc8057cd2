// The threshold on sockets of evicted clients: breached only by what was shown.
import { describe, expect, it } from 'vitest';
import { parseThreshold } from '../../plan/thresholds/parse-threshold.ts';
import type { Released } from '../evictions/released.ts';
import type { Eviction } from '../result.ts';
import { judgeThreshold } from './judge-threshold.ts';
import type { Measured } from './read-metric.ts';

const of = (cohort: string, released: Released | null) => ({ cohort, released }) as Eviction;

function judge(evictions: readonly Eviction[], limited = false) {
  const threshold = parseThreshold('released{cohort=asleep}.p99<10s', {
    cohorts: ['asleep', 'other'],
    hubs: [undefined],
  });
  if (!threshold.ok) throw new Error(threshold.problem);
  return judgeThreshold(threshold.value, { evictions, generator: { limited } } as unknown as Measured);
}

describe('the threshold released', () => {
  it('passes when the longest that it can be is short, or the least is', () => {
    expect(judge([of('asleep', { leastMillis: 0, mostMillis: 1_800 })])).toMatchObject({
      ok: true,
      isDecided: true,
      observed: 1_800_000,
      rendered: '0 µs to 1.8 s',
    });
    expect(judge([of('asleep', { leastMillis: 400, mostMillis: 14_000 })])).toMatchObject({ ok: true });
  });

  it('fails when a socket was not closed until its client read on', () => {
    const open = of('asleep', { leastMillis: 11_000, mostMillis: null });
    expect(judge([open, of('asleep', { leastMillis: 1, mostMillis: 2 })])).toMatchObject({
      ok: false,
      isDecided: true,
      rendered: 'more than 11 s',
    });
    expect(judge([open], true)).toMatchObject({ ok: false, isDecided: false });
    expect(judge([of('other', { leastMillis: 11_000, mostMillis: null })])).toMatchObject({ ok: true });
  });

  it('is not judged where nothing was observed', () => {
    expect(judge([of('asleep', null)])).toMatchObject({
      ok: true,
      isDecided: false,
      observed: null,
      rendered: 'not observed',
    });
  });
});
