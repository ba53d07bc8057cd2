// How hubs show that do not look after connections over time: keepalive and the hub's own end.
import { buildNumberedText } from '../builders/envelope-builder.ts';
import { postEvents } from '../peers/post-events.ts';
import { openWitness, type Witness } from '../peers/witness-client.ts';
import { ABSENCE_MILLIS, join, type Showing } from './scene.ts';

function pings(witness: Witness): number {
  return witness.frames.filter((frame) => frame.opcode === 9).length;
}

export const LIFECYCLE_SHOWINGS: Readonly<Record<string, Showing>> = {
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
  'stops-without-close': {
    async shows(hub) {
      const witness = await join(hub);
      await hub.stop();
      await witness.until(() => witness.ended !== undefined);
      return witness.ended !== undefined && witness.closeCode === undefined;
    },
  },
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
