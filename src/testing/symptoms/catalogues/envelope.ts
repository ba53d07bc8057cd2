// Symptoms of hubs that change the form of events: field names, values, opcode, framing, or several events in a message.
import { isJson } from '../../../files/json-text.ts';
import { buildEnvelope, buildNumberedText } from '../../builders/envelope-builder.ts';
import type { RunningHub } from '../../hub/start-hub.ts';
import { postEvents } from '../../peers/post-events.ts';
import type { Witness } from '../../peers/witness-client.ts';
import {
  ABSENCE_MILLIS,
  HUGE_BYTES,
  isPrefix,
  join,
  joinStalled,
  numbersOf,
  PRESENCE_MILLIS,
  publishHuge,
} from '../steps.ts';
import type { Symptom } from '../symptom.ts';

const FENCE = '{"type":"app.restarted","appId":"fence","payload":{"sagaId":"fence"}}';

const HALF_PAIR = '{"type":"app.restarted","appId":"a","payload":{"sagaId":"\\ud83d"}}';

const sized = (bytes: string) =>
  `{"type":"app.restarted","appId":"a","payload":{"sagaId":"s","bytes":${bytes}}}`;

async function carry(hub: RunningHub, texts: readonly string[]): Promise<Witness> {
  const witness = await join(hub);
  await postEvents(hub.broadcastUrl, [...texts, FENCE]);
  await witness.until(() => witness.texts.some((text) => text.includes('fence')));
  return witness;
}

/** This event arrives in the way `isThis` describes. */
function arrives(text: string, isThis: (seen: string, witness: Witness) => boolean): Symptom {
  return {
    async shows(hub) {
      const witness = await carry(hub, [text]);
      return witness.texts.length === 2 && isThis(witness.texts[0] ?? '', witness);
    },
  };
}

/** This text is not an event, and arrives unchanged. */
function isTaken(text: string): Symptom {
  return {
    async shows(hub) {
      const witness = await join(hub);
      const answer = await postEvents(hub.broadcastUrl, [text]);
      await witness.until(() => witness.texts.length > 0, 500);
      return answer.status === 202 && witness.texts[0] === text;
    },
  };
}

/** This event is accepted and does not arrive; the one after it does. */
function isLost(text: string): Symptom {
  return {
    async shows(hub) {
      const witness = await carry(hub, [text]);
      return witness.texts.length === 1;
    },
  };
}

/** Four events wait behind one that fills the kernel's buffers; then the client reads. */
function backlog(isThis: (texts: readonly string[]) => boolean, bytes = 0): Symptom {
  return {
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await postEvents(hub.broadcastUrl, [buildNumberedText(0, HUGE_BYTES)]);
      for (let number = 1; number < 8; number += 1)
        await postEvents(hub.broadcastUrl, [buildNumberedText(number, bytes)]);
      stalled.resume();
      await stalled.until(() => stalled.texts.some((text) => text.includes('"seq":7')), PRESENCE_MILLIS);
      return isThis(stalled.texts.slice(1));
    },
  };
}

const OFFER = { 'Sec-WebSocket-Extensions': 'permessage-deflate' };
const plain = (payload: object): string => JSON.stringify(buildEnvelope('deploy.step', { ...payload }));
const changed = (text: string): Symptom => arrives(text, (seen) => isJson(seen) && seen !== text);

export const ENVELOPE_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  'offsets-in-utc': arrives(
    '{"type":"app.restarted","appId":"a","payload":{"sagaId":"2026-01-02T03:04:05+02:00"}}',
    (seen) => seen.includes('"2026-01-02T01:04:05.000Z"'),
  ),
  'special-key-not-copied': arrives(
    '{"type":"t","appId":"a","payload":{"sagaId":"s","__proto__":"own"}}',
    (seen) => !seen.includes('__proto__'),
  ),
  'numbers-as-text': arrives(plain({ count: 3 }), (seen) => seen.includes('"count":"3"')),
  'counts-in-32-bits': arrives(plain({ count: 4_294_967_297 }), (seen) => seen.includes('"count":1')),
  'truths-from-text': arrives(plain({ sagaId: 'true' }), (seen) => seen.includes('"sagaId":true')),
  'app-id-renamed': arrives(plain({}), (seen) => seen.includes('"appID"')),
  'names-in-small-letters': arrives(plain({ sagaId: 'S-1' }), (seen) => seen.includes('"s-1"')),
  'types-in-small-letters': arrives('{"type":"A.B","appId":"","payload":{}}', (seen) => seen.includes('a.b')),
  'payload-as-text': arrives(plain({}), (seen) => typeof JSON.parse(seen).payload === 'string'),
  'empty-app-id-omitted': arrives('{"type":"t","appId":"","payload":{}}', (seen) => !seen.includes('appId')),
  'bare-array': arrives(plain({}), (seen) => Array.isArray(JSON.parse(seen))),
  'execution-id-renamed': arrives(JSON.stringify(buildEnvelope('function.completed')), (seen) =>
    seen.includes('"execId"'),
  ),
  'status-renamed': arrives(plain({ status: 'complete' }), (seen) => seen.includes('"completed"')),
  'nulls-dropped': arrives(
    plain({ gone: null, list: { a: null, b: 1 } }),
    (seen) => isJson(seen) && !seen.includes('null'),
  ),
  'html-escaped': changed(plain({ step: '<b>&' })),
  mojibake: changed(plain({ step: 'größer ☃' })),
  'unknown-fields-stripped': changed(
    '{"type":"app.scaled","appId":"a","payload":{"sagaId":"s","group":"g","count":1,"index":2}}',
  ),
  'large-payload-cut': arrives(plain({ note: 'x'.repeat(70_000) }), (seen) => seen.length === 65_536),
  'large-payload-lost': isLost(plain({ note: 'x'.repeat(600_000) })),
  'splits-at-line-separator': isLost(plain({ message: 'a\u2028b' })),
  'unknown-types-dropped': isLost('{"type":"preflight.check","appId":"a","payload":{}}'),
  'failed-status-dropped': isLost(plain({ status: 'failed' })),
  'binary-opcode': arrives(plain({}), (_seen, witness) => witness.frames[0]?.opcode === 2),
  'binary-when-large': arrives(plain({ note: 'x'.repeat(5_000) }), (_seen, witness) =>
    [2, 1].every((opcode, index) => witness.frames[index]?.opcode === opcode),
  ),
  'number-precision': arrives('{"type":"t","appId":"a","payload":{"n":9007199254740993}}', (seen) =>
    seen.includes('9007199254740992'),
  ),
  'masked-frames': arrives(plain({}), (_seen, witness) => witness.frames[0]?.isMasked === true),
  'reserved-bit-set': arrives(plain({}), (_seen, witness) => witness.frames[0]?.firstByte === 0xc1),
  'compressed-in-name-only': {
    async shows(hub) {
      const witness = await join(hub, { headers: OFFER });
      await postEvents(hub.broadcastUrl, [plain({})]);
      await witness.until(() => witness.frames.length > 0, PRESENCE_MILLIS);
      return witness.frames[0]?.firstByte === 0xc1 && witness.texts[0] === plain({});
    },
  },
  'compressed-for-all': {
    async shows(hub) {
      const witness = await join(hub);
      await join(hub, { headers: OFFER });
      await postEvents(hub.broadcastUrl, [plain({})]);
      await witness.until(() => witness.frames.length > 0, PRESENCE_MILLIS);
      return witness.frames[0]?.firstByte === 0xc1;
    },
  },
  'coalesce-newline': backlog((texts) => texts.some((text) => text.split('\n').filter(isJson).length > 1)),
  'coalesce-array': backlog((texts) => texts.some((text) => text.startsWith('['))),
  'shared-buffer': {
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await publishHuge(hub, 8);
      stalled.resume();
      await stalled.until(() => stalled.texts.length === 8, PRESENCE_MILLIS);
      return stalled.texts.length === 8 && stalled.texts.every(isJson) && !isPrefix(numbersOf(stalled));
    },
  },
  'progress-conflated': {
    async shows(hub) {
      const stalled = await joinStalled(hub);
      await publishHuge(hub, 8);
      stalled.resume();
      await stalled.until(() => numbersOf(stalled).includes(7), PRESENCE_MILLIS);
      return numbersOf(stalled).join() === '0,7' && stalled.ended === undefined;
    },
  },
  'half-pair-ends-fan-out': {
    async shows(hub) {
      const witness = await join(hub);
      await postEvents(hub.broadcastUrl, [HALF_PAIR]);
      const answer = await postEvents(hub.broadcastUrl, [plain({})]);
      await witness.until(() => witness.texts.length > 0, ABSENCE_MILLIS);
      return answer.status === 202 && witness.texts.length === 0 && witness.ended === undefined;
    },
  },
  'half-pair-ends-writers': {
    async shows(hub) {
      const witness = await join(hub);
      const answer = await postEvents(hub.broadcastUrl, [HALF_PAIR]);
      await witness.until(() => witness.frames.length > 0, PRESENCE_MILLIS);
      return answer.status === 202 && witness.texts.length === 0 && witness.closeCode === 1011;
    },
  },
  'nan-broadcast': isTaken(sized('NaN')),
  'infinity-written': arrives(sized('1e999'), (seen) => seen.includes(':Infinity')),
  'percent-decoded': arrives(sized('"a%20b"'), (seen) => seen.includes('"a b"')),
  'lists-made-sets': arrives(sized('["a","b","a"]'), (seen) => seen.includes('["a","b"]')),
  'refused-in-part': {
    async shows(hub) {
      const witness = await join(hub);
      const { status } = await postEvents(hub.broadcastUrl, [buildNumberedText(0), '[]']);
      await postEvents(hub.broadcastUrl, [FENCE]);
      await witness.until(() => witness.texts.some((text) => text.includes('fence')));
      return status === 400 && witness.texts.length === 2;
    },
  },
  'bad-event-broadcast': isTaken('not an envelope'),
};
