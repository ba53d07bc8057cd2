// Symptoms of servers that are no hub at all.
import { buildNumberedText } from '../../builders/envelope-builder.ts';
import { postEvents } from '../../peers/post-events.ts';
import { openWitness } from '../../peers/witness-client.ts';
import { ABSENCE_MILLIS, join, numbersOf } from '../steps.ts';
import type { Symptom } from '../symptom.ts';

export const NO_HUB_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  'null-hub': {
    async shows(hub) {
      const witness = await openWitness(hub.url, { deadlineMillis: ABSENCE_MILLIS });
      return witness.response === undefined && witness.ended === undefined;
    },
  },
  'mute-hub': {
    async shows(hub) {
      const witness = await join(hub);
      const answer = await postEvents(hub.broadcastUrl, [buildNumberedText(0)]);
      witness.send(0x09, 'anyone');
      await witness.until(() => witness.frames.length > 0, ABSENCE_MILLIS);
      return answer.status === 202 && witness.frames.length === 0;
    },
  },
  'yes-hub': {
    async shows(hub) {
      const foreign = await openWitness(hub.url, {
        path: '/elsewhere',
        headers: { Origin: 'http://evil.com' },
      });
      const answer = await postEvents(hub.broadcastUrl, ['not an envelope']);
      return foreign.response?.status === 101 && answer.status === 202;
    },
  },
  'garbage-hub': {
    async shows(hub) {
      const witness = await join(hub);
      await postEvents(hub.broadcastUrl, [buildNumberedText(0)]);
      await witness.until(() => numbersOf(witness).length > 0, ABSENCE_MILLIS);
      return numbersOf(witness).length === 0 && (witness.frames.length > 0 || witness.restBytes > 0);
    },
  },
};
