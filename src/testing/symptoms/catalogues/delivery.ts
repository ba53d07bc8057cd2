// Symptoms of hubs that lose, repeat, reorder or change events on their way to healthy readers.
import { isJson } from '../../../files/json-text.ts';
import { buildEnvelope, buildNumberedText } from '../../builders/envelope-builder.ts';
import type { RunningHub } from '../../hub/start-hub.ts';
import { postEvents } from '../../peers/post-events.ts';
import type { Witness } from '../../peers/witness-client.ts';
import { ABSENCE_MILLIS, hasNumber, isPrefix, join, numbersOf, PRESENCE_MILLIS } from '../steps.ts';
import type { Symptom } from '../symptom.ts';

const EVENTS = 400;
const BATCH = 25;

/** Publishes many events to one healthy reader; a fence follows each batch. */
async function runEvents(hub: RunningHub, count = EVENTS): Promise<Witness> {
  const reader = await join(hub);
  for (let from = 0; from < count; from += BATCH) {
    const texts = Array.from({ length: BATCH }, (_, index) => buildNumberedText(from + index));
    await postEvents(hub.broadcastUrl, texts);
    await fence(hub, reader);
  }
  return reader;
}

const PUBLISHED = new Set(Array.from({ length: EVENTS }, (_, index) => buildNumberedText(index)));

function isChanged(text: string): boolean {
  return !PUBLISHED.has(text) && !text.includes('"fence"');
}

let fences = 0;

/** Publishes marker events until one arrives. Whatever was sent before has arrived by then, or is lost. */
async function fence(hub: RunningHub, reader: Witness): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    fences += 1;
    const marker = `fence-${fences}-end`;
    const text = JSON.stringify({ type: 'fence', appId: 'a', payload: { marker, end: 1.5 } });
    await postEvents(hub.broadcastUrl, [text]);
    if (await reader.until(() => reader.texts.some((seen) => seen.includes(marker)), 200)) return;
    if (reader.ended !== undefined) return;
  }
}

/** Takes all events of a burst, sends a reader only some, and keeps it. */
function losesOfBurst(events: number): Symptom {
  return {
    async shows(hub) {
      const witness = await join(hub);
      const texts = Array.from({ length: events }, (_, index) => buildNumberedText(index));
      const answer = await postEvents(hub.broadcastUrl, texts);
      await witness.until(() => hasNumber(witness, events - 1), ABSENCE_MILLIS);
      return answer.status === 202 && numbersOf(witness).length < events && witness.ended === undefined;
    },
  };
}

export const DELIVERY_SYMPTOMS: Readonly<Record<string, Symptom>> = {
  'chunked-request-lost': {
    async shows(hub) {
      const witness = await join(hub);
      const { status } = await fetch(hub.broadcastUrl, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: new Blob([buildNumberedText(0)]).stream(),
        duplex: 'half',
      });
      const hasIt = await witness.until(() => hasNumber(witness, 0), ABSENCE_MILLIS);
      return status === 202 && !hasIt;
    },
  },
  'order-kept-in-small-rooms': {
    async shows(hub) {
      const witnesses = await Promise.all(Array.from({ length: 101 }, () => join(hub)));
      await postEvents(
        hub.broadcastUrl,
        Array.from({ length: 8 }, (_, index) => buildNumberedText(index)),
      );
      await Promise.all(
        witnesses.map((witness) => witness.until(() => witness.texts.length === 8, PRESENCE_MILLIS)),
      );
      return !witnesses.every((witness) => isPrefix(numbersOf(witness)));
    },
  },
  'order-differs-by-client': {
    async shows(hub) {
      const clients = [await join(hub), await join(hub)];
      const texts = Array.from({ length: 48 }, (_, index) => buildNumberedText(index));
      await postEvents(hub.broadcastUrl, texts);
      for (const client of clients) await client.until(() => client.texts.length === 48, ABSENCE_MILLIS);
      const [one = [], other = []] = clients.map(numbersOf);
      const isComplete = one.length === 48 && other.length === 48;
      return isComplete && isPrefix(one) !== isPrefix(other);
    },
  },
  'terminal-first': {
    async shows(hub) {
      const witness = await join(hub);
      const last = JSON.stringify(buildEnvelope('deploy.completed', { seq: 2 }));
      await postEvents(hub.broadcastUrl, [buildNumberedText(0), buildNumberedText(1), last]);
      await witness.until(() => witness.texts.length === 3);
      return numbersOf(witness).join() === '2,0,1';
    },
  },
  'publisher-drops': losesOfBurst(64),
  'publisher-drops-when-full': losesOfBurst(1_024),
  'large-overtaken': {
    async shows(hub) {
      const reader = await join(hub);
      await postEvents(hub.broadcastUrl, [buildNumberedText(0, 64_000), buildNumberedText(1)]);
      await reader.until(() => numbersOf(reader).length === 2);
      return numbersOf(reader).join() === '1,0';
    },
  },
  'some-apps-overtaken': {
    async shows(hub) {
      const reader = await join(hub);
      const texts = ['b-one', 'a-two'].map((appId, at) =>
        buildNumberedText(at).replace(/"appId":"[^"]*"/, `"appId":"${appId}"`),
      );
      await postEvents(hub.broadcastUrl, texts);
      await reader.until(() => numbersOf(reader).length === 2);
      return numbersOf(reader).join() === '1,0';
    },
  },
  'large-misses-last': {
    async shows(hub) {
      const first = await join(hub);
      await join(hub);
      const last = await join(hub);
      await postEvents(hub.broadcastUrl, [buildNumberedText(0, 128_000), buildNumberedText(1)]);
      await Promise.all([first, last].map((each) => each.until(() => numbersOf(each).includes(1))));
      return isPrefix(numbersOf(first)) && numbersOf(last).join() === '1';
    },
  },
  'repeats-dropped': {
    async shows(hub) {
      const reader = await join(hub);
      await postEvents(hub.broadcastUrl, [buildNumberedText(0), buildNumberedText(0)]);
      await fence(hub, reader);
      return numbersOf(reader).length === 1;
    },
  },
  'drop-random': {
    async shows(hub) {
      const numbers = numbersOf(await runEvents(hub));
      return numbers.length < EVENTS && numbers.every((number, index) => number > (numbers[index - 1] ?? -1));
    },
  },
  duplicate: {
    async shows(hub) {
      const numbers = numbersOf(await runEvents(hub));
      return new Set(numbers).size === EVENTS && numbers.length > EVENTS;
    },
  },
  reorder: {
    async shows(hub) {
      const numbers = numbersOf(await runEvents(hub));
      return new Set(numbers).size === EVENTS && !isPrefix(numbers);
    },
  },
  corrupt: {
    async shows(hub) {
      const reader = await runEvents(hub);
      return reader.texts.some(isChanged) && reader.texts.some((text) => !isJson(text));
    },
  },
  'corrupt-value': {
    async shows(hub) {
      const reader = await runEvents(hub);
      return reader.texts.every(isJson) && reader.texts.some(isChanged);
    },
  },
  'dies-in-the-middle': {
    async shows(hub) {
      const reader = await join(hub);
      await runEvents(hub);
      const isDropped = await reader.until(() => reader.ended !== undefined, ABSENCE_MILLIS);
      const answer = await postEvents(hub.broadcastUrl, [buildNumberedText(0)]);
      return isDropped && reader.closeCode === undefined && answer.status === 0;
    },
  },
};
