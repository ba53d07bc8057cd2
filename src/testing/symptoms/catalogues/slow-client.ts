// Symptoms of hubs that evict a slow client wrongly, too late or never.
import { isJson } from '../../../files/json-text.ts';
import { buildNumberedText } from '../../builders/envelope-builder.ts';
import type { RunningHub } from '../../hub/start-hub.ts';
import { postEvents } from '../../peers/post-events.ts';
import { openWitness, type Witness } from '../../peers/witness-client.ts';
import {
  HUGE_BYTES,
  hasNumber,
  isPrefix,
  isReallyClosed,
  join,
  joinStalled,
  numbersOf,
  OVERFLOWING,
  overflow,
  PRESENCE_MILLIS,
  publishHuge,
  publishPaced,
  SMALL_BUFFER,
} from '../steps.ts';
import type { Symptom } from '../symptom.ts';

/** The client reads, half of its buffer is queued, and it is disconnected. */
const goneTooSoon: Symptom = {
  async shows(hub) {
    const stalled = await stallThrough(hub, 20);
    return stalled.ended !== undefined && numbersOf(stalled).length < 20;
  },
};

/** Takes everything that should have evicted it, and delivers it. */
const keepsTooMuch: Symptom = {
  options: SMALL_BUFFER,
  async shows(hub) {
    const stalled = await joinStalled(hub);
    await overflow(hub, await join(hub), PRESENCE_MILLIS);
    stalled.resume();
    const hasAll = await stalled.until(() => hasNumber(stalled, OVERFLOWING - 1), PRESENCE_MILLIS);
    return hasAll && isPrefix(numbersOf(stalled)) && stalled.ended === undefined;
  },
};

/** Leaves so many huge events outstanding, then reads them, to the end or until a marker comes. */
async function stallThrough(hub: RunningHub, events: number): Promise<Witness> {
  const stalled = await joinStalled(hub);
  const healthy = await join(hub);
  await publishPaced(hub, healthy, events, { bytes: HUGE_BYTES, deadlineMillis: PRESENCE_MILLIS });
  stalled.resume();
  await stalled.until(() => numbersOf(stalled).length === events, PRESENCE_MILLIS);
  healthy.destroy();
  return stalled;
}

/** The evicted client's socket is not closed while it does not read; then it reads, and ends as `isThisEnd` says. */
function staysOpen(isThisEnd: (stalled: Witness) => boolean): Symptom {
  return {
    options: SMALL_BUFFER,
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await overflow(hub, await join(hub), PRESENCE_MILLIS);
      if (await isReallyClosed(stalled, 1_500)) return false;
      stalled.resume();
      await stalled.until(() => stalled.ended !== undefined, PRESENCE_MILLIS);
      return isThisEnd(stalled) && isPrefix(numbersOf(stalled));
    },
  };
}

/** A stalled client that is kept, and whose numbers show a gap once it reads; markers follow until one arrives. */
function gapAt(isThisGap: (numbers: readonly number[]) => boolean): Symptom {
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

export const SLOW_CLIENT_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  'no-patience': goneTooSoon,
  'head-of-line-block': {
    options: SMALL_BUFFER,
    async shows(hub) {
      await joinStalled(hub);
      const healthy = await join(hub);
      const isServed = await overflow(hub, healthy);
      const newcomer = await openWitness(hub.url, { deadlineMillis: 500 });
      void postEvents(hub.broadcastUrl, [buildNumberedText(99)]);
      return !isServed && !(await newcomer.until(() => hasNumber(newcomer, 99), 500));
    },
  },
  'never-evict': keepsTooMuch,
  'queue-of-4096': keepsTooMuch,
  'evict-by-bytes': keepsTooMuch,
  'queue-sixteen-fold': keepsTooMuch,
  'evicts-one-late': {
    options: SMALL_BUFFER,
    async shows(hub) {
      const six = await stallThrough(hub, 6);
      const isKept = numbersOf(six).length === 6 && six.ended === undefined;
      six.destroy();
      return isKept && (await stallThrough(hub, 7)).ended !== undefined;
    },
  },
  'evicts-one-early': {
    options: { ...SMALL_BUFFER, evictionGraceMillis: 5_000 },
    async shows(hub) {
      const stalled = await stallThrough(hub, 5);
      return numbersOf(stalled).length === 4 && stalled.closeCode === 1013;
    },
  },
  'queue-half-as-long': {
    options: { ...SMALL_BUFFER, evictionGraceMillis: 5_000 },
    async shows(hub) {
      const stalled = await stallThrough(hub, 4);
      return numbersOf(stalled).length < 4 && stalled.closeCode === 1013;
    },
  },
  'close-after-drain': staysOpen((stalled) => stalled.ended !== undefined && stalled.closeCode === undefined),
  'deadline-set-too-late': staysOpen(
    (stalled) => stalled.ended !== undefined && stalled.closeCode === undefined,
  ),
  'eviction-only-half-closes': staysOpen(
    (stalled) => stalled.ended === 'fin' && numbersOf(stalled).length === 1,
  ),
  'eviction-takes-a-minute': staysOpen((stalled) => stalled.closeCode === 1013),
  'eviction-without-close': {
    options: { ...SMALL_BUFFER, evictionGraceMillis: 2_000 },
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await overflow(hub, await join(hub), PRESENCE_MILLIS);
      stalled.resume();
      await stalled.until(() => stalled.ended !== undefined, PRESENCE_MILLIS);
      return stalled.ended !== undefined && stalled.closeCode === undefined;
    },
  },
  'queue-inherited': {
    options: SMALL_BUFFER,
    async shows(hub) {
      await joinStalled(hub);
      await overflow(hub, await join(hub), PRESENCE_MILLIS);
      const newcomer = await join(hub);
      await postEvents(hub.broadcastUrl, [buildNumberedText(OVERFLOWING)]);
      await newcomer.until(() => hasNumber(newcomer, OVERFLOWING), PRESENCE_MILLIS);
      return numbersOf(newcomer).join() === `1,2,3,4,${OVERFLOWING}`;
    },
  },
  'slow-drip': {
    options: SMALL_BUFFER,
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await overflow(hub, await join(hub), PRESENCE_MILLIS);
      for (let sip = 0; sip < 30 && stalled.ended === undefined; sip += 1) {
        stalled.sip();
        stalled.send(0x0a);
        await stalled.until(() => false, 100);
      }
      return stalled.ended === undefined;
    },
  },
  'forget-without-close': {
    options: SMALL_BUFFER,
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await overflow(hub, await join(hub), PRESENCE_MILLIS);
      if (await isReallyClosed(stalled, 1_500)) return false;
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
  'keeps-every-second': {
    options: SMALL_BUFFER,
    async shows(hub) {
      const stalled = [await joinStalled(hub), await joinStalled(hub)];
      await overflow(hub, await join(hub), PRESENCE_MILLIS);
      const areClosed = await Promise.all(stalled.map((client) => isReallyClosed(client)));
      return areClosed.includes(true) && areClosed.includes(false);
    },
  },
  'drops-one-then-evicts': {
    options: SMALL_BUFFER,
    async shows(hub) {
      const stalled = await joinStalled(hub);
      const [healthy, outstanding] = [await join(hub), SMALL_BUFFER.clientBufferMessages + 1];
      const pace = { bytes: HUGE_BYTES, deadlineMillis: PRESENCE_MILLIS };
      await publishPaced(hub, healthy, outstanding + 1, pace);
      stalled.resume();
      await stalled.until(() => hasNumber(stalled, outstanding - 1), PRESENCE_MILLIS);
      await publishPaced(hub, healthy, 1, { from: outstanding + 1 });
      return stalled.until(() => hasRun(numbersOf(stalled), outstanding - 1, outstanding + 1), 1_000);
    },
  },
  'close-overtakes-queue': {
    options: { ...SMALL_BUFFER, evictionGraceMillis: PRESENCE_MILLIS },
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await overflow(hub, await join(hub), PRESENCE_MILLIS);
      stalled.resume();
      await stalled.until(() => stalled.closeCode !== undefined, PRESENCE_MILLIS);
      const before = numbersOf(stalled).length;
      return stalled.until(() => numbersOf(stalled).length > before, 1_000);
    },
  },
  'close-answer-overtakes-queue': {
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await publishHuge(hub, 8);
      stalled.send(8, Buffer.from([0x03, 0xe8]));
      stalled.resume();
      await stalled.until(() => stalled.closeCode !== undefined, PRESENCE_MILLIS);
      const before = numbersOf(stalled).length;
      return stalled.until(() => numbersOf(stalled).length > before, 500);
    },
  },
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
