// A slow route gets the time that it was measured to need, and a bad call or two do not change that much.
import { describe, expect, it } from 'vitest';
import { createRouteTimes } from './route-times.ts';

describe('createRouteTimes', () => {
  it('adds nothing before a call was answered', () => {
    expect(createRouteTimes().millisFor(1_000)).toBe(0);
  });

  it('gives a thousand events at 40 ms each three times what they take', () => {
    const route = createRouteTimes();
    route.took(1, 40);
    expect(route.millisFor(1_000)).toBe(120_000);
  });

  it('counts the time of a batch for each of its events', () => {
    const route = createRouteTimes();
    route.took(100, 200);
    expect(route.millisFor(50)).toBe(300);
  });

  it('usually takes the median of the last calls, whatever one of them took', () => {
    const route = createRouteTimes();
    expect(route.usualMillis).toBe(0);
    route.took(1, 70);
    expect(route.usualMillis, 'the first call opens the connection').toBe(0);
    for (const millis of [400, 3]) route.took(1, millis);
    expect(route.usualMillis, 'of a few calls the quickest').toBe(3);
    for (const millis of [4, 3, 900, 2, 5, 6, 7]) route.took(1, millis);
    expect(route.usualMillis).toBe(5);
    for (let call = 0; call < 15; call++) route.took(1, 320, false);
    expect(route.usualMillis, 'eight producers at the same time wait for one another').toBe(5);
    for (let call = 0; call < 15; call++) route.took(1, 40);
    expect(route.usualMillis).toBe(40);
  });

  it('follows a route that becomes slower, a fifth of the way with each call', () => {
    const route = createRouteTimes();
    route.took(1, 10);
    route.took(1, 110);
    expect(route.millisFor(1)).toBe(90);
  });
});
