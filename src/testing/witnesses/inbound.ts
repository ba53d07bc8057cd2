// How hubs show that deal wrongly with what a client sends: data, pings, a Close, illegal frames, or too much.
import { buildNumberedText } from '../builders/envelope-builder.ts';
import type { RunningHub } from '../hub/start-hub.ts';
import { postEvents } from '../peers/post-events.ts';
import { encodeMasked, openWitness, type Witness } from '../peers/witness-client.ts';
import {
  ABSENCE_MILLIS,
  HUGE_BYTES,
  hasNumber,
  isJson,
  join,
  joinStalled,
  PRESENCE_MILLIS,
  publishPaced,
  type Showing,
} from './scene.ts';

const QUIET_MILLIS = 400;

function pongs(witness: Witness): string[] {
  return witness.frames.filter((frame) => frame.opcode === 10).map((frame) => frame.payload.toString());
}

/** Whether a Ping is answered, whatever stands between. */
async function isAlive(witness: Witness): Promise<boolean> {
  witness.send(9, 'alive?');
  return witness.until(() => pongs(witness).includes('alive?'), QUIET_MILLIS);
}

/** An illegal frame is survived: a Ping after it is answered, no Close comes. */
function tolerates(misbehave: (witness: Witness) => void): Showing {
  return {
    async shows(hub) {
      const witness = await join(hub);
      misbehave(witness);
      return (await isAlive(witness)) && witness.closeCode === undefined;
    },
  };
}

async function isListening(hub: RunningHub): Promise<boolean> {
  return (await openWitness(hub.url, { deadlineMillis: ABSENCE_MILLIS })).response?.status === 101;
}

/** What a client does ends the process: everybody is dropped and nobody can connect. */
function kills(act: (hub: RunningHub, witness: Witness) => Promise<unknown> | undefined): Showing {
  return {
    async shows(hub) {
      const bystander = await join(hub);
      const culprit = await join(hub);
      await act(hub, culprit);
      await bystander.until(() => bystander.ended !== undefined, ABSENCE_MILLIS);
      return bystander.ended !== undefined && !(await isListening(hub));
    },
  };
}

/** What comes back for a Close 1000. */
function closes(isThis: (witness: Witness) => boolean): Showing {
  return {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(8, Buffer.from([0x03, 0xe8]));
      await witness.until(() => witness.ended !== undefined, ABSENCE_MILLIS);
      return isThis(witness);
    },
  };
}

export const INBOUND_SHOWINGS: Readonly<Record<string, Showing>> = {
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
  'unmasked-accepted': tolerates((witness) => witness.sendRaw(Buffer.from([0x81, 1, 65]))),
  'reserved-bits-accepted': tolerates((witness) => witness.send(1, 'x', 0xc1)),
  'reserved-opcodes-accepted': tolerates((witness) => witness.send(3, 'x')),
  'bad-control-accepted': tolerates((witness) => witness.send(9, 'x', 0x09)),
  'bad-continuation-accepted': tolerates((witness) => witness.send(0, 'x')),
  'unmasked-pong-accepted': tolerates((witness) => witness.sendRaw(Buffer.from([0x8a, 1, 65]))),
  'reserved-bit-on-ping-accepted': tolerates((witness) => witness.send(9, 'x', 0xc9)),
  'one-reserved-opcode-accepted': tolerates((witness) => witness.send(5, 'x')),
  'bad-pong-accepted': tolerates((witness) => witness.send(10, 'x', 0x0a)),
  'binary-inside-text-accepted': tolerates((witness) => {
    witness.send(1, 'half', 0x01);
    witness.send(2, 'x');
  }),
  'bad-utf8-accepted': tolerates((witness) => witness.send(1, Buffer.from([0xff, 0xfe]))),
  'fragments-uncounted': tolerates((witness) => {
    witness.send(1, 'x'.repeat(8_192), 0x01);
    for (let index = 0; index < 20; index += 1) witness.send(0, 'x'.repeat(8_192), 0x00);
  }),
  'no-read-limit': {
    async shows(hub) {
      const witness = await join(hub);
      witness.sendRaw(encodeMasked(0x82, Buffer.alloc(0), 2 ** 40));
      await witness.until(() => witness.closeCode !== undefined, ABSENCE_MILLIS);
      return witness.closeCode === undefined && witness.ended === undefined;
    },
  },
  'bad-close-code-echoed': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(8, Buffer.from([0x03, 0xed]));
      await witness.until(() => witness.frames.length > 0, ABSENCE_MILLIS);
      return witness.frames[0]?.payload.toString('hex') === '03ed';
    },
  },
  'bad-frame-crashes': kills((_hub, witness) => void witness.send(3, 'x')),
  'bad-event-kills': kills((hub) => postEvents(hub.broadcastUrl, ['not an envelope'])),
  'reset-crashes': kills((_hub, witness) => void witness.reset()),
  'crash-under-churn': kills(async (hub) => {
    const reader = await join(hub);
    for (let round = 0; round < 50 && reader.ended === undefined; round += 1) {
      const leaver = await join(hub).catch(() => undefined);
      await publishPaced(hub, reader, 1, { from: round });
      leaver?.reset();
    }
  }),
  'bad-frame-drops-everyone': {
    async shows(hub) {
      const bystander = await join(hub);
      (await join(hub)).send(3, 'x');
      await bystander.until(() => bystander.ended !== undefined, ABSENCE_MILLIS);
      return bystander.ended !== undefined && (await isListening(hub));
    },
  },
  'ping-unanswered': {
    async shows(hub) {
      const witness = await join(hub);
      return !(await isAlive(witness)) && (await publishPaced(hub, witness, 1));
    },
  },
  'pong-without-payload': {
    async shows(hub) {
      const witness = await join(hub);
      await isAlive(witness);
      return pongs(witness).join() === '' && pongs(witness).length === 1;
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
      const isAliveAtOnce = await isAlive(witness);
      // It is busy for 400 ms.
      await witness.until(() => false, 600);
      return !isAliveAtOnce && (await isAlive(witness));
    },
  },
  'utf8-by-fragment': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, Buffer.from([0xc3]), 0x01);
      witness.send(0, Buffer.from([0xa9]), 0x80);
      return !(await isAlive(witness)) && witness.closeCode === 1007;
    },
  },
  'ping-waits-for-message': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, 'half', 0x01);
      const isAnsweredInside = await isAlive(witness);
      witness.send(0, 'rest', 0x80);
      await witness.until(() => pongs(witness).length > 0);
      return !isAnsweredInside && pongs(witness).join() === 'alive?';
    },
  },
  'pong-kills': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(10, 'heartbeat');
      return !(await isAlive(witness)) && witness.ended !== undefined;
    },
  },
  'client-data-kills': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, 'hello');
      const isEnding = (): boolean => witness.ended !== undefined || witness.closeCode !== undefined;
      return witness.until(isEnding, QUIET_MILLIS).then(isEnding);
    },
  },
  'odd-json-kills': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, 'null');
      const isAliveAtFirst = await isAlive(witness);
      await witness.until(() => witness.ended !== undefined, QUIET_MILLIS);
      return isAliveAtFirst && witness.closeCode === 1011;
    },
  },
  'text-chooses-app': {
    async shows(hub) {
      const witness = await join(hub);
      const hearsAll = await publishPaced(hub, witness, 1);
      witness.send(1, '{"type":"t","appId":"another","payload":{}}');
      return hearsAll && (await isAlive(witness)) && !(await publishPaced(hub, witness, 1, { from: 1 }));
    },
  },
  'client-data-stops-reading': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, 'hello');
      return !(await isAlive(witness)) && (await publishPaced(hub, witness, 1));
    },
  },
  'reads-only-so-much': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, 'hello');
      const isAliveAtFirst = await isAlive(witness);
      for (let index = 0; index < 64; index += 1) witness.send(1, 'hello');
      witness.send(9, 'and now?');
      return (
        isAliveAtFirst && !(await witness.until(() => pongs(witness).includes('and now?'), QUIET_MILLIS))
      );
    },
  },
  'client-text-rebroadcast': {
    async shows(hub) {
      const listener = await join(hub);
      (await join(hub)).send(1, buildNumberedText(666));
      return listener.until(() => hasNumber(listener, 666), QUIET_MILLIS);
    },
  },
  'known-type-rebroadcast': {
    async shows(hub) {
      const listener = await join(hub);
      const text = buildNumberedText(666).replace(/"type":"[^"]*"/, '"type":"deploy.step"');
      (await join(hub)).send(1, text);
      return listener.until(() => listener.texts.some((seen) => seen.includes('deploy.step')), QUIET_MILLIS);
    },
  },
  'echo-to-sender': {
    async shows(hub) {
      const [sender, other] = [await join(hub), await join(hub)];
      sender.send(1, buildNumberedText(666));
      const isEchoed = await sender.until(() => hasNumber(sender, 666), QUIET_MILLIS);
      return isEchoed && other.texts.length === 0;
    },
  },
  'close-not-echoed': closes((witness) => witness.ended !== undefined && witness.closeCode === undefined),
  'close-code-changed': closes((witness) => witness.frames[0]?.payload.toString('hex') === '03ed'),
  'open-after-close': closes((witness) => witness.ended === undefined && witness.closeCode === 1000),
  'close-answered-late': closes((witness) => witness.ended === undefined && witness.closeCode === undefined),
  'data-after-close': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(8, Buffer.from([0x03, 0xe8]));
      await witness.until(() => witness.closeCode !== undefined);
      await postEvents(hub.broadcastUrl, [buildNumberedText(0)]);
      return witness.until(() => witness.frames.length > 1, QUIET_MILLIS);
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
      await isAlive(healthy);
      stalled.resume();
      await stalled.until(() => isTornIn(stalled) || hasNumber(stalled, events - 1), PRESENCE_MILLIS);
      return isTornIn(stalled);
    },
  },
};

/** Bytes of another frame are inside an event, or what follows is none. */
function isTornIn({ texts, frames }: Witness): boolean {
  return !texts.every(isJson) || frames.some(({ firstByte }) => (firstByte & 0x70) !== 0);
}
