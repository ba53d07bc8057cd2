// Symptoms of hubs whose handling of a slow client harms other clients or kills the hub.
import { buildNumberedText } from '../../builders/envelope-builder.ts';
import type { RunningHub } from '../../hub/start-hub.ts';
import { postEvents } from '../../peers/post-events.ts';
import type { Witness } from '../../peers/witness-client.ts';
import {
  ABSENCE_MILLIS,
  answersPing,
  HUGE_BYTES,
  hasNumber,
  join,
  joinStalled,
  numbersOf,
  overflow,
  PRESENCE_MILLIS,
  publishHuge,
  publishPaced,
  SMALL_BUFFER,
} from '../steps.ts';
import type { Symptom } from '../symptom.ts';

/** The first event that a stalled client of a `SMALL_BUFFER` hub has no room for. */
const EVICTING = 5;
/** After so many events every stalled client is evicted, even at one for each event. */
const LAST = EVICTING + 6;
/** More than any kernel takes of it. */
const LARGEST_BYTES = 6 * 1_048_576;

/** With so many stalled clients a healthy one is not served to the end; with fewer it is. */
function stopsWith(stalledClients: number): Symptom {
  return {
    options: SMALL_BUFFER,
    async shows(hub) {
      for (let index = 0; index < stalledClients; index += 1) await joinStalled(hub);
      const healthy = await join(hub);
      const isServed = await overflow(hub, healthy);
      return !isServed && healthy.ended === undefined;
    },
  };
}

/** An eviction kills the process: healthy clients are dropped too. */
const diesOfEviction: Symptom = {
  options: SMALL_BUFFER,
  async shows(hub) {
    await joinStalled(hub);
    const healthy = await join(hub);
    await overflow(hub, healthy);
    await healthy.until(() => healthy.ended !== undefined, ABSENCE_MILLIS);
    const answer = await postEvents(hub.broadcastUrl, [buildNumberedText(0)]);
    return healthy.ended !== undefined && answer.status === 0;
  },
};

/** Some healthy clients miss an event that evicts stalled ones, and all get the one after it. */
const someMissTheEvent: Symptom = {
  options: SMALL_BUFFER,
  async shows(hub) {
    const healthy: Witness[] = [];
    for (let pair = 0; pair < 4; pair += 1) {
      await joinStalled(hub);
      healthy.push(await join(hub));
    }
    for (let number = 0; number <= LAST; number += 1) {
      const bytes = number < EVICTING ? HUGE_BYTES : 0;
      await postEvents(hub.broadcastUrl, [buildNumberedText(number, bytes)]);
      if (number >= EVICTING && number < LAST) continue;
      for (const client of healthy) await client.until(() => hasNumber(client, number), PRESENCE_MILLIS);
    }
    const received = healthy.map(numbersOf);
    return (
      received.some((numbers) => numbers.length <= LAST) &&
      received.every((numbers) => numbers.includes(LAST))
    );
  },
};

/**
 * The event after the one that evicts takes longer than `leastMillis` to reach a healthy client: the hub may have
 * served that client first and only then have met the stalled one.
 */
function delays(stalledClients: number, leastMillis: number): Symptom {
  return {
    options: SMALL_BUFFER,
    async shows(hub) {
      for (let index = 0; index < stalledClients; index += 1) await joinStalled(hub);
      const healthy = await join(hub);
      await publishPaced(hub, healthy, EVICTING, { bytes: HUGE_BYTES, deadlineMillis: PRESENCE_MILLIS });
      void postEvents(hub.broadcastUrl, [buildNumberedText(EVICTING), buildNumberedText(EVICTING + 1)]);
      const isQuick = await healthy.until(() => hasNumber(healthy, EVICTING + 1), leastMillis);
      return !isQuick && (await healthy.until(() => hasNumber(healthy, EVICTING + 1), PRESENCE_MILLIS));
    },
  };
}

/** As long as so many clients are stalled, each of ten small events takes at least 30 ms. */
function lags(stalledClients: number): Symptom {
  return {
    async shows(hub) {
      for (let index = 0; index < stalledClients; index += 1) await joinStalled(hub);
      const healthy = await join(hub);
      await publishPaced(hub, healthy, 3, { bytes: HUGE_BYTES, deadlineMillis: PRESENCE_MILLIS });
      let shortestMillis = Number.POSITIVE_INFINITY;
      for (let number = 3; number < 13; number += 1) {
        const startMillis = performance.now();
        await publishPaced(hub, healthy, 1, { from: number, deadlineMillis: PRESENCE_MILLIS });
        shortestMillis = Math.min(shortestMillis, performance.now() - startMillis);
      }
      return shortestMillis > 30;
    },
  };
}

/** A burst ends the connection of a client that reads all the time. */
function burstEvicts(events: number): Symptom {
  return {
    async shows(hub: RunningHub) {
      const reader = await join(hub);
      const texts = Array.from({ length: events }, (_, index) => buildNumberedText(index));
      await postEvents(hub.broadcastUrl, texts);
      await reader.until(() => numbersOf(reader).length === events, ABSENCE_MILLIS);
      return reader.closeCode === 1013 && numbersOf(reader).length < events;
    },
  };
}

export const SLOW_CLIENT_HARM_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  'sequential-send': stopsWith(1),
  'shared-writers': stopsWith(4),
  'evict-deadlock': stopsWith(1),
  'second-eviction-deadlock': stopsWith(2),
  'third-eviction-deadlock': stopsWith(3),
  'crash-after-eviction': diesOfEviction,
  'crash-when-victim-leaves': diesOfEviction,
  'evicts-after-three-seconds': {
    async shows(hub) {
      const [stalled, patient] = [await joinStalled(hub), await joinStalled(hub)];
      await publishHuge(hub, 2);
      await stalled.until(() => false, 1_500);
      stalled.resume();
      const hasBoth = await stalled.until(() => hasNumber(stalled, 1), PRESENCE_MILLIS);
      await patient.until(() => false, 2_500);
      patient.resume();
      await patient.until(() => patient.ended !== undefined, ABSENCE_MILLIS);
      return hasBoth && patient.ended !== undefined && !hasNumber(patient, 1);
    },
  },
  'evicts-all-behind': {
    options: SMALL_BUFFER,
    async shows(hub) {
      await joinStalled(hub);
      const healthy = await join(hub);
      await publishPaced(hub, healthy, 2, { bytes: HUGE_BYTES });
      const behind = await joinStalled(hub);
      await publishPaced(hub, healthy, EVICTING - 1, { from: 2, bytes: HUGE_BYTES });
      behind.resume();
      await behind.until(() => behind.ended !== undefined, ABSENCE_MILLIS);
      return behind.ended !== undefined && healthy.ended === undefined;
    },
  },
  'evicts-someone-else': {
    options: SMALL_BUFFER,
    async shows(hub) {
      const elder = await join(hub, { hasSmallWindow: true });
      await joinStalled(hub);
      const healthy = await join(hub);
      await publishPaced(hub, healthy, 2, { bytes: HUGE_BYTES });
      await elder.until(() => hasNumber(elder, 1), PRESENCE_MILLIS);
      elder.pause();
      await publishPaced(hub, healthy, EVICTING - 1, { from: 2, bytes: HUGE_BYTES });
      elder.resume();
      await elder.until(() => elder.ended !== undefined, ABSENCE_MILLIS);
      return elder.ended !== undefined && healthy.ended === undefined;
    },
  },
  'evicts-behind-large': {
    options: SMALL_BUFFER,
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await postEvents(hub.broadcastUrl, [buildNumberedText(0, LARGEST_BYTES)]);
      await postEvents(hub.broadcastUrl, [buildNumberedText(1)]);
      stalled.resume();
      await stalled.until(() => stalled.ended !== undefined || hasNumber(stalled, 1), PRESENCE_MILLIS);
      return stalled.ended !== undefined && !hasNumber(stalled, 1);
    },
  },
  'eviction-aborts-fan-out': someMissTheEvent,
  'eviction-skips-next': someMissTheEvent,
  'timed-block': delays(1, 700),
  'timed-block-short': delays(10, 700),
  'timed-block-tiny': delays(20, 300),
  'writes-awaited-briefly': lags(1),
  'laggards-retried': lags(20),
  'pongs-wait-for-stalled': {
    async shows(hub) {
      const isAnsweredBefore = await answersPing(await join(hub));
      const healthy = await join(hub);
      await joinStalled(hub);
      await publishPaced(hub, healthy, 40, { bytes: HUGE_BYTES, deadlineMillis: PRESENCE_MILLIS });
      return isAnsweredBefore && !(await answersPing(healthy));
    },
  },
  'burst-evicts-readers': burstEvicts(250),
  'rate-limits-readers': burstEvicts(64),
  'publisher-waits-for-laggards': {
    async shows(hub) {
      await joinStalled(hub);
      const healthy = await join(hub);
      await publishPaced(hub, healthy, 40, { bytes: HUGE_BYTES, deadlineMillis: PRESENCE_MILLIS });
      let shortestMillis = Number.POSITIVE_INFINITY;
      for (let number = 40; number < 44; number += 1) {
        const startMillis = performance.now();
        await postEvents(hub.broadcastUrl, [buildNumberedText(number)]);
        shortestMillis = Math.min(shortestMillis, performance.now() - startMillis);
      }
      return shortestMillis > 200 && (await healthy.until(() => hasNumber(healthy, 43)));
    },
  },
  'publisher-waits': {
    options: SMALL_BUFFER,
    async shows(hub) {
      await joinStalled(hub);
      const healthy = await join(hub);
      await postEvents(hub.broadcastUrl, [buildNumberedText(0, HUGE_BYTES)], {
        deadlineMillis: ABSENCE_MILLIS,
      });
      const answer = await postEvents(hub.broadcastUrl, [buildNumberedText(1)], {
        deadlineMillis: ABSENCE_MILLIS,
      });
      return answer.status === 0 && (await healthy.until(() => hasNumber(healthy, 1)));
    },
  },
};
