// Which arrivals are kept, also of more events than there is room for, and how processes are merged.
import { describe, expect, it } from 'vitest';
import { FirstArrivals, mergeArrivals } from './first-arrivals.ts';

function arrivals(capacity: number, ...sequences: number[]): FirstArrivals {
  const all = new FirstArrivals(capacity);
  all.measure(0);
  for (const sequence of sequences) all.note(sequence, 0, 1_000 + sequence);
  return all;
}
const listOf = ({ stride, micros }: { stride: number; micros: Float64Array }) => [stride, [...micros]];

describe('first arrivals', () => {
  it('keeps the first of each event', () => {
    const all = arrivals(8, 0, 2);
    all.note(2, 0, 9_999);
    expect(listOf(all.snapshot())).toEqual([1, [1_000, 0, 1_002]]);
  });

  it('keeps every second event, then every fourth, where there are too many', () => {
    expect(listOf(arrivals(4, 0, 1, 2, 3, 4, 5, 6).snapshot())).toEqual([2, [1_000, 1_002, 1_004, 1_006]]);
    expect(listOf(arrivals(4, 0, 1, 2, 3, 4, 5, 6, 7, 8).snapshot())).toEqual([4, [1_000, 1_004, 1_008]]);
  });

  it('counts only events that are due in the measured time', () => {
    const all = new FirstArrivals(4);
    all.note(0, 5, 10);
    all.measure(5, 7);
    for (const [sequence, due] of [4, 5, 6, 7].entries()) all.note(sequence, due, 10);
    expect(listOf(all.snapshot())).toEqual([1, [0, 10, 10]]);
  });

  it('takes the earliest of several processes, whatever each kept', () => {
    const late = arrivals(4, 0, 1, 2, 3, 4).snapshot();
    const early = { stride: 1, micros: Float64Array.of(500, 501, 0) };
    expect(listOf(mergeArrivals([late, early]))).toEqual([2, [500, 1_002, 1_004]]);
    expect(listOf(mergeArrivals([]))).toEqual([1, []]);
  });
});
