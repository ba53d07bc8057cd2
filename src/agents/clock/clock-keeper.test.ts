// What an agent says of its clock when the coordinator does not answer for a while.
import { expect, it } from 'vitest';
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
