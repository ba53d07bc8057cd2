// Symptoms of hubs that cut healthy clients, or keep dead ones.
import { buildNumberedText } from '../../builders/envelope-builder.ts';
import { postEvents } from '../../peers/post-events.ts';
import type { Witness } from '../../peers/witness-client.ts';
import {
  ABSENCE_MILLIS,
  answersPing,
  HUGE_BYTES,
  hasNumber,
  join,
  joinStalled,
  leave,
  numbersOf,
  PRESENCE_MILLIS,
  publishPaced,
  readStats,
  SMALL_BUFFER,
} from '../steps.ts';
import type { Symptom } from '../symptom.ts';

function pings(witness: Witness): number {
  return witness.frames.filter((frame) => frame.opcode === 9).length;
}

/** One more than the limit of a client that hears nothing. */
const QUIET_SECONDS = 13;

/** One each second. */
async function sendPings(witness: Witness, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    witness.send(9, 'here');
    await witness.until(() => false, 1_000);
  }
}

/** Huge events: for a connection that has carried much, kernels have larger buffers. */
const MORE_THAN_KERNELS_TAKE = 40;

export const LIFECYCLE_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  'veteran-never-evicted': {
    options: SMALL_BUFFER,
    async shows(hub) {
      const [veteran, healthy] = [await joinStalled(hub), await join(hub)];
      const pace = { bytes: HUGE_BYTES, deadlineMillis: PRESENCE_MILLIS };
      await publishPaced(hub, healthy, 4, pace);
      veteran.resume();
      const hasCaughtUp = await veteran.until(() => hasNumber(veteran, 3), PRESENCE_MILLIS);
      veteran.pause();
      const other = await joinStalled(hub);
      await publishPaced(hub, healthy, MORE_THAN_KERNELS_TAKE, { ...pace, from: 4 });
      for (const client of [veteran, other]) client.resume();
      await other.until(() => other.ended !== undefined, PRESENCE_MILLIS);
      const isKept = await veteran.until(
        () => hasNumber(veteran, 3 + MORE_THAN_KERNELS_TAKE),
        PRESENCE_MILLIS,
      );
      return hasCaughtUp && isKept && other.ended !== undefined;
    },
  },
  'history-without-limit': {
    async shows(hub) {
      const witness = await join(hub);
      const before = Number((await readStats(hub)).history);
      await publishPaced(hub, witness, 100);
      return Number((await readStats(hub)).history) === before + 100;
    },
  },
  'client-messages-kept': {
    async shows(hub) {
      const witness = await join(hub);
      for (let number = 0; number < 100; number += 1) witness.send(1, 'kept');
      return (await answersPing(witness)) && (await readStats(hub)).unread === 100;
    },
  },
  'left-clients-kept': {
    async shows(hub) {
      for (let number = 0; number < 3; number += 1) await leave(hub, await join(hub));
      return (await readStats(hub)).kept === 3;
    },
  },
  'left-clients-timers-run': {
    async shows(hub) {
      await leave(hub, await join(hub));
      const before = Number((await readStats(hub)).runs);
      const later = await join(hub);
      await later.until(() => false, ABSENCE_MILLIS / 3);
      return Number((await readStats(hub)).runs) > before;
    },
  },
  'newcomer-cut': {
    async shows(hub) {
      let isOver = false;
      const flow = (async () => {
        for (let number = 0; !isOver; number++)
          await postEvents(hub.broadcastUrl, [buildNumberedText(number)]);
      })();
      const clients: Witness[] = [];
      for (let dial = 0; dial < 80; dial++) clients.push(await join(hub));
      for (const client of clients) await client.until(() => client.ended !== undefined, 5);
      isOver = true;
      await flow;
      return clients.some(({ ended }) => ended !== undefined);
    },
  },
  'sixth-lag-evicts': {
    // Kernels take up to 16 of the events.
    options: { clientBufferMessages: 32 },
    async shows(hub) {
      const [behind, healthy] = [await joinStalled(hub), await join(hub)];
      for (let from = 0; from < 6 * 26; from += 26) {
        behind.pause();
        await publishPaced(hub, healthy, 26, { from, bytes: HUGE_BYTES, deadlineMillis: PRESENCE_MILLIS });
        behind.resume();
        await behind.until(() => hasNumber(behind, from + 25) || behind.ended !== undefined, PRESENCE_MILLIS);
      }
      return behind.ended !== undefined && hasNumber(behind, 5 * 26 - 1) && healthy.ended === undefined;
    },
  },
  'lifetime-quota': endsAfter(64),
  'lifetime-quota-500': endsAfter(500),
  'lifetime-quota-1024': endsAfter(1_024),
  'idle-cut': {
    async shows(hub) {
      const witness = await join(hub);
      await publishPaced(hub, witness, 1);
      await witness.until(() => false, 6_000);
      return witness.ended !== undefined;
    },
  },
  'silence-cut': {
    async shows(hub) {
      const [silent, talking] = [await join(hub), await join(hub)];
      for (let second = 0; second < 9; second += 1) {
        talking.send(9, 'here');
        await publishPaced(hub, talking, 1, { from: second });
        await talking.until(() => false, 1_000);
      }
      return silent.ended !== undefined && talking.ended === undefined;
    },
  },
  'quiet-cut': {
    async shows(hub) {
      const [silent, pinging] = [await join(hub), await join(hub)];
      await publishPaced(hub, silent, 1);
      await sendPings(pinging, QUIET_SECONDS);
      return silent.ended !== undefined && pinging.ended !== undefined;
    },
  },
  'idle-socket-cut': {
    async shows(hub) {
      const [silent, pinging] = [await join(hub), await join(hub)];
      await publishPaced(hub, silent, 1);
      await sendPings(pinging, QUIET_SECONDS);
      return silent.ended !== undefined && pinging.ended === undefined;
    },
  },
  'unheard-cut': {
    async shows(hub) {
      const heard = await join(hub);
      await publishPaced(hub, heard, 1);
      const unheard = await join(hub);
      await sendPings(unheard, QUIET_SECONDS);
      return unheard.ended !== undefined && heard.ended === undefined;
    },
  },
  'unregister-leak': {
    async shows(hub) {
      await leave(hub, await join(hub));
      return (await readStats(hub)).clients === 1;
    },
  },
  'never-pings': {
    options: { pingIntervalMillis: 50 },
    async shows(hub) {
      const witness = await join(hub);
      await witness.until(() => pings(witness) > 0, ABSENCE_MILLIS);
      return pings(witness) === 0 && witness.ended === undefined;
    },
  },
  'pings-without-deadline': {
    options: { pingIntervalMillis: 50 },
    async shows(hub) {
      const silent = await join(hub);
      await silent.until(() => pings(silent) > 6, ABSENCE_MILLIS);
      return pings(silent) > 6 && silent.ended === undefined;
    },
  },
};

/** A healthy, paced reader is disconnected after `quota` events. */
function endsAfter(quota: number): Symptom {
  return {
    async shows(hub) {
      const witness = await join(hub);
      const isServed = await publishPaced(hub, witness, quota + 10, { batch: 10 });
      await witness.until(() => witness.closeCode !== undefined, ABSENCE_MILLIS);
      const received = numbersOf(witness).length;
      return !isServed && received >= quota && received < quota + 10;
    },
  };
}
