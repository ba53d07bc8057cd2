// What an agent says of its clock when the coordinator does not answer for a while.
import { expect, it } from 'vitest';
import type { ClockOffset } from '../../load/worker/agent/clock-offset.ts';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { startClockKeeper } from './clock-keeper.ts';

it('keeps the bound of a time without answers, as the reports of that time may be lost', async () => {
  const clock = createSimulatedClock();
  let isCut = false;
  const keeper = startClockKeeper({
    clock,
    ask: async () =>
      isCut ? undefined : { receivedMicros: clock.nowMicros(), answeredMicros: clock.nowMicros() },
    onOffset: () => {},
  });
  await clock.advanceAsync(1_000);
  isCut = true;
  await clock.advanceAsync(4_000);
  const cut = keeper.report()?.errorMicros ?? 0;
  isCut = false;
  await clock.advanceAsync(4_000);
  keeper.close();
  expect(cut).toBeGreaterThanOrEqual(2_000);
  const { errorMicros = 0, contradictions } = keeper.report() ?? {};
  // Until the next answer it grew on.
  expect(errorMicros).toBeGreaterThanOrEqual(cut);
  expect(errorMicros).toBeLessThan(cut + 200);
  expect(contradictions).toBe(0);
});

it.each([
  [0, { offsetMicros: 0, errorMicros: 0, isSame: true }],
  [250_000, { offsetMicros: 250_000 }],
])('believes that the coordinator reads the same clock unless it is %d us off', async (offMicros, first) => {
  const clock = createSimulatedClock();
  const offsets: ClockOffset[] = [];
  let offset = offMicros;
  const keeper = startClockKeeper({
    clock,
    hasSameId: true,
    async ask() {
      const micros = clock.nowMicros() + offset;
      return { receivedMicros: micros, answeredMicros: micros };
    },
    onOffset: (latest) => offsets.push(latest),
  });
  await clock.advanceAsync(1_000);
  expect(offsets[0]).toMatchObject({ ...first, isContradicted: false });
  expect(keeper.report()?.contradictions).toBe(0);
  offset += 90_000;
  await clock.advanceAsync(500);
  keeper.close();
  expect(offsets.find(({ isContradicted }) => isContradicted)?.offsetMicros).toBeCloseTo(offset, 0);
  expect(offsets.at(-1)?.isSame).toBeUndefined();
  expect(keeper.report()?.contradictions).toBeGreaterThanOrEqual(1);
});
