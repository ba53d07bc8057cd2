// Symptoms of hubs that react to what a client sends, though clients only listen.
import { buildNumberedText } from '../../builders/envelope-builder.ts';
import { postEvents } from '../../peers/post-events.ts';
import {
  ABSENCE_MILLIS,
  ANSWER_MILLIS,
  answersPing,
  hasNumber,
  join,
  pongsOf,
  publishPaced,
} from '../steps.ts';
import type { Symptom } from '../symptom.ts';

export const CLIENT_MESSAGE_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  'deaf-while-sending': {
    async shows(hub) {
      const sending = await join(hub);
      sending.sendRaw(Buffer.from([0x81, 0x84, 0, 0, 0, 0, 0x68]));
      await new Promise((resume) => setTimeout(resume, 100));
      await postEvents(hub.broadcastUrl, [buildNumberedText(0)]);
      const isDeaf = !(await sending.until(() => sending.texts.length > 0, ABSENCE_MILLIS));
      sending.sendRaw(Buffer.from('eya'));
      return isDeaf && (await sending.until(() => sending.texts.length > 0));
    },
  },
  'pong-kills': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(10, 'heartbeat');
      return !(await answersPing(witness)) && witness.ended !== undefined;
    },
  },
  'fourth-pong-kills': {
    async shows(hub) {
      const witness = await join(hub);
      for (let pongs = 0; pongs < 3; pongs += 1) witness.send(10, 'heartbeat');
      const isAliveAtFirst = await answersPing(witness);
      witness.send(10, 'heartbeat');
      return isAliveAtFirst && witness.until(() => witness.ended !== undefined, ANSWER_MILLIS);
    },
  },
  'long-texts-garbled': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, 'x'.repeat(8_190));
      const isAliveAtFirst = await answersPing(witness);
      witness.send(1, 'x'.repeat(8_191));
      return isAliveAtFirst && witness.until(() => witness.closeCode === 1007, ANSWER_MILLIS);
    },
  },
  'client-bytes-add-up': {
    async shows(hub) {
      const witness = await join(hub);
      for (let number = 0; number < 1_000; number += 1) witness.send(1, 'x'.repeat(100));
      return !(await answersPing(witness)) && witness.closeCode === 1009;
    },
  },
  'client-data-kills': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, 'hello');
      const isEnding = (): boolean => witness.ended !== undefined || witness.closeCode !== undefined;
      return witness.until(isEnding, ANSWER_MILLIS).then(isEnding);
    },
  },
  'odd-json-kills': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, 'null');
      const isAliveAtFirst = await answersPing(witness);
      await witness.until(() => witness.ended !== undefined, ANSWER_MILLIS);
      return isAliveAtFirst && witness.closeCode === 1011;
    },
  },
  'text-chooses-app': {
    async shows(hub) {
      const witness = await join(hub);
      const hearsAll = await publishPaced(hub, witness, 1);
      witness.send(1, '{"type":"t","appId":"another","payload":{}}');
      return hearsAll && (await answersPing(witness)) && !(await publishPaced(hub, witness, 1, { from: 1 }));
    },
  },
  'client-data-stops-reading': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, 'hello');
      return !(await answersPing(witness)) && (await publishPaced(hub, witness, 1));
    },
  },
  'reads-only-so-much': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, 'hello');
      const isAliveAtFirst = await answersPing(witness);
      for (let index = 0; index < 64; index += 1) witness.send(1, 'hello');
      witness.send(9, 'and now?');
      return (
        isAliveAtFirst && !(await witness.until(() => pongsOf(witness).includes('and now?'), ANSWER_MILLIS))
      );
    },
  },
  'client-text-rebroadcast': {
    async shows(hub) {
      const listener = await join(hub);
      (await join(hub)).send(1, buildNumberedText(666));
      return listener.until(() => hasNumber(listener, 666), ANSWER_MILLIS);
    },
  },
  'known-type-rebroadcast': {
    async shows(hub) {
      const listener = await join(hub);
      const text = buildNumberedText(666).replace(/"type":"[^"]*"/, '"type":"deploy.step"');
      (await join(hub)).send(1, text);
      return listener.until(() => listener.texts.some((seen) => seen.includes('deploy.step')), ANSWER_MILLIS);
    },
  },
  'echo-to-sender': {
    async shows(hub) {
      const [sender, other] = [await join(hub), await join(hub)];
      sender.send(1, buildNumberedText(666));
      const isEchoed = await sender.until(() => hasNumber(sender, 666), ANSWER_MILLIS);
      return isEchoed && other.texts.length === 0;
    },
  },
};
