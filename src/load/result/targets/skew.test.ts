// How far apart hubs are, from the arrivals in several worker processes.
import { expect, it } from 'vitest';
import { foldSkew } from './skew.ts';

const times = (...micros: number[]) => ({ stride: 1, micros: Float64Array.from(micros) });

it('measures from the first arrival of an event anywhere to its first arrival at each hub', () => {
  const { all, byHub } = foldSkew(
    [
      [times(1_000, 2_000, 9_000), times(1_500, 0, 0)],
      [times(1_200, 0, 3_000), times(1_100, 1_900, 0)],
    ],
    2,
  );
  // Event 0: 1000 and 1100. Event 1: 2000 and 1900. Event 2 arrived at one hub only.
  expect(all).toMatchObject({ count: 2, max: 100 });
  expect(byHub.map(({ count, max }) => [count, max])).toEqual([
    [2, 100],
    [2, 100],
  ]);
});

it('measures nothing of a hub that delivers nothing', () => {
  const { all, byHub } = foldSkew([[times(1_000), times()]], 2);
  expect([all.count, ...byHub.map(({ count }) => count)]).toEqual([0, 0, 0]);
});

it('compares hubs that kept every event with hubs that kept every second', () => {
  const { all } = foldSkew([[times(10, 20, 30), { stride: 2, micros: Float64Array.of(15, 60) }]], 2);
  expect(all).toMatchObject({ count: 2, max: 30 });
});
