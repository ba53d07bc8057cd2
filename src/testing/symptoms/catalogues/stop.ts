// Symptoms of hubs that stop without a Close, too late, or not at all.
import { once } from 'node:events';
import { connect } from 'node:net';
import { systemClock } from '../../../time/clock.ts';
import { untilSettled } from '../../../time/deadline.ts';
import { buildNumberedText } from '../../builders/envelope-builder.ts';
import { postEvents } from '../../peers/post-events.ts';
import { openWitness, type Witness } from '../../peers/witness-client.ts';
import {
  ABSENCE_MILLIS,
  hasNumber,
  join,
  joinStalled,
  numbersOf,
  PRESENCE_MILLIS,
  publishHuge,
  readStats,
} from '../steps.ts';
import type { Symptom } from '../symptom.ts';

export const STOP_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  'stops-without-close': {
    async shows(hub) {
      const witness = await join(hub);
      await hub.stop();
      await witness.until(() => witness.ended !== undefined);
      return witness.ended !== undefined && witness.closeCode === undefined;
    },
  },
  'stop-waits-for-silent-clients': {
    async shows(hub) {
      const silent = await join(hub);
      void hub.stop();
      await silent.until(() => silent.ended !== undefined, 2 * ABSENCE_MILLIS);
      return silent.closeCode === 1001 && silent.ended === undefined;
    },
  },
  'stop-says-goodbye-to-forty': {
    async shows(hub) {
      const witnesses: Witness[] = [];
      for (let count = 0; count < 45; count += 1) witnesses.push(await join(hub));
      await hub.stop();
      await Promise.all(witnesses.map((witness) => witness.until(() => witness.ended !== undefined)));
      return witnesses.map(({ closeCode }) => closeCode === 1001).lastIndexOf(true) === 39;
    },
  },
  'stop-discards-queue': {
    async shows(hub) {
      const witness = await join(hub);
      // In one process with the hub: nothing is sent between the two.
      for (let number = 0; number < 20; number += 1) void hub.hub.accept(buildNumberedText(number));
      await hub.stop();
      await witness.until(() => witness.ended !== undefined);
      return witness.closeCode === 1001 && !hasNumber(witness, 19);
    },
  },
  'stop-waits-for-half-handshakes': {
    async shows(hub) {
      const half = connect(hub.port, '127.0.0.1');
      half.write('GET /ws HTTP/1.1\r\nHost: localhost\r\n');
      await once(half, 'connect');
      // When the hub answers this, it has accepted the connection before.
      await readStats(hub);
      const isStopped = await untilSettled(systemClock, hub.stop(), 2 * ABSENCE_MILLIS);
      half.destroy();
      return !isStopped;
    },
  },
  'stop-closes-before-queue': {
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await publishHuge(hub, 8);
      void hub.stop();
      stalled.resume();
      await stalled.until(() => stalled.closeCode !== undefined, PRESENCE_MILLIS);
      const before = numbersOf(stalled).length;
      return stalled.until(() => numbersOf(stalled).length > before, 500);
    },
  },
  // Only the process shows these two.
  'stop-exits-with-one': { shows: async (hub) => hub.hub.hooks.exitCode === 1 },
  'interrupt-ignored': { shows: async (hub) => hub.hub.hooks.ignoresInterrupt },
  'undead-after-stop': {
    async shows(hub) {
      const before = await join(hub);
      void hub.stop();
      await before.until(() => before.ended !== undefined);
      const witness = await openWitness(hub.url);
      const answer = await postEvents(hub.broadcastUrl, [buildNumberedText(0)], { deadlineMillis: 500 });
      return witness.response?.status === 101 && answer.status === 0 && witness.texts.length === 0;
    },
  },
};
