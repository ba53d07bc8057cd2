// How hubs show that treat a client wrongly that does not read, or everybody else because of it.
import { buildNumberedText } from '../envelope-builder.ts';
import { postEvents } from '../post-events.ts';
import {
  hasNumber,
  isJson,
  isPrefix,
  isReallyClosed,
  join,
  joinStalled,
  numbersOf,
  OVERFLOWING,
  overflow,
  PRESENCE_MILLIS,
  type Showing,
  SMALL_BUFFER,
} from './scene.ts';

export const SLOW_CLIENT_SHOWINGS: Readonly<Record<string, Showing>> = {
  'head-of-line-block': {
    options: SMALL_BUFFER,
    async shows(hub) {
      await joinStalled(hub);
      const healthy = await join(hub);
      const isServed = await overflow(hub, healthy);
      const newcomer = await join(hub);
      void postEvents(hub.broadcastUrl, [buildNumberedText(99)]);
      return !isServed && !(await newcomer.until(() => hasNumber(newcomer, 99), 500));
    },
  },
  'never-evict': {
    options: SMALL_BUFFER,
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await overflow(hub, await join(hub), PRESENCE_MILLIS);
      stalled.resume();
      const hasAll = await stalled.until(() => hasNumber(stalled, OVERFLOWING - 1), PRESENCE_MILLIS);
      return hasAll && isPrefix(numbersOf(stalled)) && stalled.ended === undefined;
    },
  },
  'forget-without-close': {
    options: SMALL_BUFFER,
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await overflow(hub, await join(hub), PRESENCE_MILLIS);
      if (await isReallyClosed(stalled)) return false;
      stalled.resume();
      await stalled.until(() => hasNumber(stalled, 4), PRESENCE_MILLIS);
      await postEvents(hub.broadcastUrl, [buildNumberedText(OVERFLOWING)]);
      const isSilent = !(await stalled.until(() => hasNumber(stalled, OVERFLOWING), 300));
      return isSilent && stalled.ended === undefined && isPrefix(numbersOf(stalled));
    },
  },
  'drop-newest': gapAt((numbers) => isPrefix(numbers.slice(0, 5)) && numbers[5] === OVERFLOWING),
  'drop-oldest': gapAt(
    (numbers) => !isPrefix(numbers.slice(0, 5)) && hasRun(numbers, OVERFLOWING - 1, OVERFLOWING),
  ),
  'post-gap': gapAt((numbers) => isPrefix(numbers.slice(0, 5)) && (numbers[5] ?? 0) >= OVERFLOWING),
  'torn-frame': {
    options: SMALL_BUFFER,
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await overflow(hub, await join(hub), PRESENCE_MILLIS);
      stalled.resume();
      const isTorn = (): boolean => stalled.texts.some((text) => !isJson(text));
      return stalled.until(isTorn, PRESENCE_MILLIS);
    },
  },
};

/** A stalled client that is kept, and whose numbers show a gap once it reads; markers follow until one arrives. */
function gapAt(isThisGap: (numbers: readonly number[]) => boolean): Showing {
  return {
    options: SMALL_BUFFER,
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await overflow(hub, await join(hub), PRESENCE_MILLIS);
      stalled.resume();
      await stalled.until(() => hasNumber(stalled, 0) && stalled.texts.length >= 5, PRESENCE_MILLIS);
      for (let marker = OVERFLOWING; marker < OVERFLOWING + 50; marker += 1) {
        await postEvents(hub.broadcastUrl, [buildNumberedText(marker)]);
        if (await stalled.until(() => hasNumber(stalled, marker), 100)) break;
        if (stalled.ended !== undefined) break;
      }
      return stalled.ended === undefined && isThisGap(numbersOf(stalled));
    },
  };
}

function hasRun(numbers: readonly number[], first: number, second: number): boolean {
  const index = numbers.indexOf(first);
  return index >= 0 && numbers[index + 1] === second;
}
