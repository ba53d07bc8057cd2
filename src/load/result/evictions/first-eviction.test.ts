// When evictions of clients that a hub must keep began, as their finding says it.
import { describe, expect, it } from 'vitest';
import { describeFirstEviction, type EvictionTimes } from './first-eviction.ts';

const evictions = [
  { cohort: 'fast', endedAtMillis: 9_000 },
  { cohort: 'stall', endedAtMillis: 100 },
  { cohort: 'fast', endedAtMillis: 8_400 },
];
const describeIt = (faults: EvictionTimes['faults'], evicted = 2) =>
  describeFirstEviction({ name: 'fast', evicted }, evictions, { measuredFromMillis: 1_400, faults });

describe('the first eviction of a cohort', () => {
  it('has a time since the start of the run', () => {
    expect(describeIt([])).toBe(', from 9.8 s on');
    expect(describeIt([{ kind: 'restart', atMillis: 12_000 }])).toBe(', from 9.8 s on');
  });

  it('is so long after the latest fault before it', () => {
    const faults = [
      { kind: 'freeze', atMillis: 2_000 },
      { kind: 'restart', atMillis: 5_700 },
      { kind: 'kill', atMillis: 12_000 },
    ] as const;
    expect(describeIt(faults)).toBe(', from 4.1 s after the restart at 5.7 s on');
  });

  it('is not named where not every eviction is described', () => {
    expect(describeIt([], 3)).toBe('');
  });
});
