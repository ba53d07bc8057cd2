// Symptoms of hubs that accept illegal frames from a client, or that one client can crash.
import type { RunningHub } from '../../hub/start-hub.ts';
import { postEvents } from '../../peers/post-events.ts';
import { encodeMasked, openWitness, type Witness } from '../../peers/witness-client.ts';
import { ABSENCE_MILLIS, answersPing, join, publishPaced } from '../steps.ts';
import type { Symptom } from '../symptom.ts';

/** The connection survives an illegal frame: a Ping after it is answered, and no Close comes. */
function tolerates(misbehave: (witness: Witness) => void): Symptom {
  return {
    async shows(hub) {
      const witness = await join(hub);
      misbehave(witness);
      return (await answersPing(witness)) && witness.closeCode === undefined;
    },
  };
}

async function isListening(hub: RunningHub): Promise<boolean> {
  return (await openWitness(hub.url, { deadlineMillis: ABSENCE_MILLIS })).response?.status === 101;
}

/** What one client does ends the process: everybody is dropped and nobody can connect. */
function kills(act: (hub: RunningHub, witness: Witness) => Promise<unknown> | undefined): Symptom {
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

export const ILLEGAL_FRAME_SYMPTOMS: Readonly<Record<string, Symptom>> = {
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
  'read-limit-of-512': {
    async shows(hub) {
      const [short, long] = [await join(hub), await join(hub)];
      short.send(1, 'x'.repeat(512));
      long.send(1, 'x'.repeat(600));
      return (await answersPing(short)) && !(await answersPing(long)) && long.closeCode === 1009;
    },
  },
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
  'utf8-by-fragment': {
    async shows(hub) {
      const witness = await join(hub);
      witness.send(1, Buffer.from([0xc3]), 0x01);
      witness.send(0, Buffer.from([0xa9]), 0x80);
      return !(await answersPing(witness)) && witness.closeCode === 1007;
    },
  },
};
