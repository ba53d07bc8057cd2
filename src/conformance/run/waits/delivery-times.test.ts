// Deliveries are slow when they usually are: neither one pause nor one slow client of many decides it.
import { describe, expect, it } from 'vitest';
import { createDeliveryTimes } from './delivery-times.ts';

describe('createDeliveryTimes', () => {
  it('is fast before anything was measured', () => {
    const times = createDeliveryTimes();
    expect([times.isSlow, times.isSettled, times.eventMillis(1)]).toEqual([false, false, 0]);
  });

  it('takes the quickest of a few requests, and the median of more', () => {
    const times = createDeliveryTimes();
    times.followed(1, 900);
    times.followed(2, 3);
    expect([times.betweenMillis, times.isSettled]).toEqual([3, false]);
    for (const [at, millis] of [20, 20, 20, 900, 20].entries()) times.followed(3 + at, millis);
    expect([times.betweenMillis, times.isSettled, times.isSlow]).toEqual([20, true, true]);
  });

  it('counts a request once, as the slowest client got it', () => {
    const times = createDeliveryTimes();
    for (let request = 0; request < 8; request++) times.followed(request, 0.1);
    for (let client = 0; client < 40; client++) times.followed(8, 90 + client);
    expect([times.betweenMillis, times.isSlow]).toEqual([0.1, false]);
  });

  it('forgets what is older than fifteen requests', () => {
    const times = createDeliveryTimes();
    for (let request = 0; request < 15; request++) times.followed(request, 20);
    for (let request = 15; request < 23; request++) times.followed(request, 0.1);
    expect([times.betweenMillis, times.isSlow]).toEqual([0.1, false]);
  });

  it('calls events late that are no sooner one by one', () => {
    const [late, slow, busy] = [createDeliveryTimes(), createDeliveryTimes(), createDeliveryTimes()];
    for (let request = 0; request < 3; request++) {
      for (const [times, alone, between] of [
        [late, 250, 0],
        [slow, 250, 250],
        [busy, 40, 0],
      ] as const) {
        times.cameAlone(request, alone);
        times.followed(request, between);
      }
    }
    expect([late, slow, busy].map(({ isLate, isSlow }) => [isLate, isSlow])).toEqual([
      [true, true],
      [false, true],
      [false, false],
    ]);
  });

  it('shares the delay of one event among all that are on their way at the same time', () => {
    const times = createDeliveryTimes();
    for (let request = 0; request < 3; request++) {
      times.cameAlone(request, 250);
      times.followed(request, 0);
    }
    expect([times.eventMillis(1), times.eventMillis(25)]).toEqual([250, 10]);
  });

  it('never counts an event that follows another for less than the rest between them', () => {
    const times = createDeliveryTimes();
    for (let request = 0; request < 3; request++) {
      times.cameAlone(request, 1);
      times.followed(request, 20);
    }
    expect([times.eventMillis(1), times.eventMillis(32)]).toEqual([20, 20]);
  });
});
