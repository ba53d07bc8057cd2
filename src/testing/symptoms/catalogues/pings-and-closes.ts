// Symptoms of hubs that answer a Ping or a Close of a client wrongly.
import { isJson } from '../../../files/json-text.ts';
import { buildNumberedText } from '../../builders/envelope-builder.ts';
import { postEvents } from '../../peers/post-events.ts';
import type { Witness } from '../../peers/witness-client.ts';
import {
  ABSENCE_MILLIS,
  ANSWER_MILLIS,
  answersPing,
  HUGE_BYTES,
  hasNumber,
  join,
  joinStalled,
  PRESENCE_MILLIS,
  pongsOf,
  publishHuge,
  publishPaced,
  SMALL_BUFFER,
} from '../steps.ts';
import type { Symptom } from '../symptom.ts';

/** Sends Close 1000 and inspects the answer. */
const closes = (isThis: (witness: Witness) => boolean): Symptom => closesWith([0x03, 0xe8], isThis);

/** Bytes of another frame are inside an event, or what follows is not a frame. */
function isTornIn({ texts, frames }: Witness): boolean {
  return !texts.every(isJson) || frames.some(({ firstByte }) => (firstByte & 0x70) !== 0);
}

/** What a Close with this body is answered with. */
function closesWith(body: readonly number[], isThis: (witness: Witness) => boolean): Symptom {
  return {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(8, Buffer.from(body));
      await witness.until(() => witness.ended !== undefined, ABSENCE_MILLIS);
      return isThis(witness);
    },
  };
}

/** A client pings while one event is on its way to it and others wait, and then reads. */
const losesPong = (events: number): Symptom => ({
  async shows(hub) {
    const stalled = await joinStalled(hub);
    await publishHuge(hub, events);
    stalled.send(9, 'behind');
    await answersPing(await join(hub));
    stalled.resume();
    await stalled.until(() => hasNumber(stalled, events - 1), PRESENCE_MILLIS);
    return !(await stalled.until(() => pongsOf(stalled).length > 0, ABSENCE_MILLIS));
  },
});

export const PING_AND_CLOSE_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  'close-always-1000': closesWith([0x0b, 0xb9], ({ closeCode }) => closeCode === 1000),
  'bad-close-body-accepted': closesWith([0x03], ({ closeCode }) => closeCode === 1000),
  'ping-unanswered': {
    async shows(hub) {
      const witness = await join(hub);
      return !(await answersPing(witness)) && (await publishPaced(hub, witness, 1));
    },
  },
  'pong-without-payload': {
    async shows(hub) {
      const witness = await join(hub);
      await answersPing(witness);
      return pongsOf(witness).join() === '' && pongsOf(witness).length === 1;
    },
  },
  'pong-as-text': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(9, Buffer.from([0xff]));
      await witness.until(() => witness.frames.length > 0);
      return witness.frames[0]?.opcode === 10 && witness.frames[0].payload.toString('hex') !== 'ff';
    },
  },
  'pings-ignored-while-busy': {
    async shows(hub) {
      const witness = await join(hub);
      await publishPaced(hub, witness, 1, { bytes: 16_384 });
      const isAliveAtOnce = await answersPing(witness);
      // The hub is busy for 400 ms.
      await witness.until(() => false, 600);
      return !isAliveAtOnce && (await answersPing(witness));
    },
  },
  'ping-waits-for-message': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, 'half', 0x01);
      const isAnsweredInside = await answersPing(witness);
      witness.send(0, 'rest', 0x80);
      await witness.until(() => pongsOf(witness).length > 0);
      return !isAnsweredInside && pongsOf(witness).join() === 'alive?';
    },
  },
  'close-not-echoed': closes((witness) => witness.ended !== undefined && witness.closeCode === undefined),
  'close-code-changed': closes((witness) => witness.frames[0]?.payload.toString('hex') === '03ed'),
  'open-after-close': closes((witness) => witness.ended === undefined && witness.closeCode === 1000),
  'close-inside-message-ignored': {
    async shows(hub) {
      const witness = await join(hub);
      witness.sendRaw(Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x61]));
      witness.send(8, Buffer.from([0x03, 0xe8]));
      await witness.until(() => witness.ended !== undefined, ABSENCE_MILLIS);
      return witness.ended === undefined && witness.closeCode === undefined;
    },
  },
  'close-answered-late': closes((witness) => witness.ended === undefined && witness.closeCode === undefined),
  'data-after-close': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(8, Buffer.from([0x03, 0xe8]));
      await witness.until(() => witness.closeCode !== undefined);
      await postEvents(hub.broadcastUrl, [buildNumberedText(0)]);
      return witness.until(() => witness.frames.length > 1, ANSWER_MILLIS);
    },
  },
  'data-after-violation-close': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, 'a', 0x01);
      witness.send(1, 'b');
      await witness.until(() => witness.ended !== undefined);
      return witness.closeCode === 1002 && witness.frames.length > 1;
    },
  },
  'ignores-half-close': {
    async shows(hub) {
      const witness = await join(hub);
      witness.endWriting();
      await witness.until(() => witness.ended !== undefined, ABSENCE_MILLIS);
      return witness.ended === undefined;
    },
  },
  'ignores-half-close-inside-text': {
    async shows(hub) {
      const [whole, inside] = [await join(hub), await join(hub)];
      inside.sendRaw(Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x68]));
      for (const witness of [whole, inside]) witness.endWriting();
      await whole.until(() => whole.ended !== undefined);
      await inside.until(() => inside.ended !== undefined, ABSENCE_MILLIS);
      return whole.ended !== undefined && inside.ended === undefined;
    },
  },
  'two-writers': {
    async shows(hub) {
      const witness = await join(hub);
      const flood = setInterval(() => witness.send(9, 'ping'), 1);
      for (let number = 0; number < 60 && witness.texts.every(isJson); number += 1)
        await publishPaced(hub, witness, 1, { from: number, bytes: 262_144, deadlineMillis: 500 });
      clearInterval(flood);
      return isTornIn(witness);
    },
  },
  'pong-into-backlog': {
    async shows(hub) {
      const stalled = await joinStalled(hub);
      const [healthy, events] = [await join(hub), 20];
      await publishPaced(hub, healthy, events, { bytes: HUGE_BYTES, deadlineMillis: PRESENCE_MILLIS });
      stalled.send(9, 'behind');
      await answersPing(healthy);
      stalled.resume();
      await stalled.until(() => isTornIn(stalled) || hasNumber(stalled, events - 1), PRESENCE_MILLIS);
      return isTornIn(stalled);
    },
  },
  'pong-of-longer-ping': {
    async shows(hub) {
      const witness = await join(hub);
      for (const body of ['longer', 'short']) witness.send(9, body);
      await witness.until(() => pongsOf(witness).some((pong) => pong.startsWith('short')), ABSENCE_MILLIS);
      return pongsOf(witness).at(-1) === 'shortr';
    },
  },
  'mask-begins-again': {
    async shows(hub) {
      const witness = await join(hub);
      witness.sendRaw(Buffer.from([0x89, 0x84, 1, 2, 3, 4, 0x61 ^ 1]));
      await witness.until(() => false, 50);
      witness.sendRaw(Buffer.from([0x61 ^ 2, 0x61 ^ 3, 0x61 ^ 4]));
      await witness.until(() => pongsOf(witness).length > 0, ABSENCE_MILLIS);
      return pongsOf(witness).length === 1 && pongsOf(witness)[0] !== 'aaaa';
    },
  },
  'pong-and-event': {
    async shows(hub) {
      const witness = await join(hub);
      await answersPing(witness);
      return witness.until(() => witness.texts.length > 0, ABSENCE_MILLIS);
    },
  },
  'pong-lost-behind-queue': losesPong(2),
  'pong-lost-behind-backlog': losesPong(2),
  'pong-lost-behind-twenty': losesPong(22),
  'pongs-fill-queue': {
    options: { ...SMALL_BUFFER, evictionGraceMillis: 2_000 },
    async shows(hub) {
      const [stalled, healthy] = [await joinStalled(hub), await join(hub)];
      await publishHuge(hub, 2);
      for (let sent = 0; sent < 4; sent += 1) stalled.send(9, 'behind');
      await answersPing(healthy);
      await postEvents(hub.broadcastUrl, [buildNumberedText(2)]);
      stalled.resume();
      await stalled.until(() => stalled.ended !== undefined, PRESENCE_MILLIS);
      return stalled.closeCode === 1013 && !hasNumber(stalled, 2);
    },
  },
  'close-ignored-when-behind': {
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await publishHuge(hub, 2);
      stalled.send(8, Buffer.from([0x03, 0xe8]));
      await answersPing(await join(hub));
      stalled.resume();
      await stalled.until(() => hasNumber(stalled, 1), PRESENCE_MILLIS);
      await stalled.until(() => stalled.ended !== undefined, ABSENCE_MILLIS);
      return stalled.ended === undefined && stalled.closeCode === undefined;
    },
  },
};
