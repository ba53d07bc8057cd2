// Symptoms of hubs that go wrong on connections that agreed to compression.
import { constants, deflateRawSync } from 'node:zlib';
import { buildNumberedText } from '../../builders/envelope-builder.ts';
import type { RunningHub } from '../../hub/start-hub.ts';
import { postEvents } from '../../peers/post-events.ts';
import { encodeMasked, type Witness } from '../../peers/witness-client.ts';
import { answersPing, join } from '../steps.ts';
import type { Symptom } from '../symptom.ts';

const OFFER = { 'Sec-WebSocket-Extensions': 'permessage-deflate' };
const TAIL = '0000ffff';
const LARGE_BYTES = 4_096;

const deflate = (bytes: Uint8Array | string): Buffer =>
  deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);

const joinOffering = (hub: RunningHub): Promise<Witness> => join(hub, { headers: OFFER });

/** The connection survives this where compression was agreed on, and not where it was not. */
function toleratesDeflated(misbehave: (witness: Witness) => void): Symptom {
  return {
    async shows(hub) {
      const [deflated, plain] = [await joinOffering(hub), await join(hub)];
      misbehave(deflated);
      misbehave(plain);
      return (await answersPing(deflated)) && !(await answersPing(plain));
    },
  };
}

/** Large events end with the tail of their deflate stream, small ones do not. */
const keepsTail: Symptom = {
  async shows(hub) {
    const witness = await joinOffering(hub);
    await postEvents(hub.broadcastUrl, [buildNumberedText(0), buildNumberedText(1, LARGE_BYTES)]);
    await witness.until(() => witness.frames.length >= 2);
    const [small, large] = witness.frames.map(({ payload }) => payload.subarray(-4).toString('hex'));
    return small !== TAIL && large === TAIL;
  },
};

export const UNDER_COMPRESSION_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  'bad-utf8-compressed-accepted': {
    async shows(hub) {
      const [deflated, plain] = [await joinOffering(hub), await joinOffering(hub)];
      const bad = Buffer.from([0xff, 0xfe]);
      deflated.send(1, deflate(bad), 0xc1);
      plain.send(1, bad);
      return (await answersPing(deflated)) && !(await answersPing(plain));
    },
  },
  'reserved-bits-accepted-compressed': toleratesDeflated((witness) => witness.send(1, 'x', 0xa1)),
  'compressed-bit-on-control-accepted': toleratesDeflated((witness) => witness.send(9, 'x', 0xc9)),
  'compressed-bit-on-continuation-accepted': toleratesDeflated((witness) => {
    witness.send(1, 'a', 0x01);
    witness.send(0, 'b', 0xc0);
  }),
  'bad-continuation-accepted-compressed': toleratesDeflated((witness) => witness.send(0, 'x')),
  'unmasked-accepted-compressed': toleratesDeflated((witness) => witness.sendRaw(Buffer.from([0x81, 1, 65]))),
  'compressed-fragments-refused': {
    async shows(hub) {
      const witness = await joinOffering(hub);
      const text = deflate('a text of some length');
      witness.sendRaw(encodeMasked(0x41, text.subarray(0, 4)));
      witness.sendRaw(encodeMasked(0x80, text.subarray(4)));
      return !(await answersPing(witness)) && witness.closeCode === 1002;
    },
  },
  'deflate-tail-kept': keepsTail,
  'deflate-tail-kept-fresh': keepsTail,
};
