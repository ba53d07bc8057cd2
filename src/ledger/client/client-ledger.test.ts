// Examples of one or two clients reading the same event log.
import { describe, expect, it } from 'vitest';
import { stampEvent } from '../../protocol/content-check.ts';
import { compress } from '../../testing/hub/compression.ts';
import { encodeFrame, encodeServerText } from '../../wire/frame-writer.ts';
import { decodeDigests, EventDigests } from '../events/event-digests.ts';
import { createEventLog } from '../events/event-log.ts';
import { createDeliveryRecorder } from '../latency/delivery-recorder.ts';
import type { ClientLedger } from '../ledger.ts';
import { createClientLedger } from './client-ledger.ts';

const DUE_MICROS = 1_000;

function eventText(sequence: number, runId = 'run1'): string {
  const envelope = { type: 'app.restarted', appId: 'app', payload: { sagaId: `saga-${sequence}` } };
  return stampEvent(envelope, { runId, sequence, dueMicros: DUE_MICROS });
}

function frame(text: string): Buffer {
  return encodeServerText(Buffer.from(text));
}

function events(...sequences: readonly number[]): Buffer {
  return Buffer.concat(sequences.map((sequence) => frame(eventText(sequence))));
}

function twoClients(options: { ringBytes?: number; maxEvents?: number } = {}) {
  const log = createEventLog({ runId: 'run1', ...options });
  const recorder = createDeliveryRecorder();
  return { log, recorder, one: createClientLedger(log, recorder), other: createClientLedger(log, recorder) };
}

function feed(ledger: ClientLedger, bytes: Buffer, chunkBytes = bytes.length): void {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = Buffer.from(bytes.subarray(at, at + chunkBytes));
    ledger.onBytes(chunk, 0, chunk.length, DUE_MICROS + 500);
  }
}

describe('two clients of one log', () => {
  it('the second is counted by comparing bytes, and judges no message singly', () => {
    const { log, recorder, one, other } = twoClients();
    feed(one, events(0, 1, 2, 3));
    feed(other, events(0, 1, 2, 3));
    expect(one.snapshot()).toMatchObject({ firstSequence: 0, nextSequence: 4, received: 4, judgedSingly: 4 });
    expect(other.snapshot()).toMatchObject({
      firstSequence: 0,
      nextSequence: 4,
      received: 4,
      judgedSingly: 0,
    });
    expect(log.snapshot()).toMatchObject({ events: 4, lowestSequence: 0, highestSequence: 3 });
    expect(recorder.deliveries).toBe(8);
    expect(recorder.snapshot().latency).toMatchObject({ minMicros: 500, maxMicros: 500 });
  });

  it('note what each event said once, whatever words it came in, and whether it said the same to both', () => {
    const digests = new EventDigests();
    const log = createEventLog({ runId: 'run1', digests });
    const [one, other, third] = [0, 1, 2].map(() => createClientLedger(log, createDeliveryRecorder()));
    const spaced = frame(eventText(1).replaceAll('","', '", "'));
    const numbered = frame(JSON.stringify({ ...JSON.parse(eventText(1)), seat: 7 }));
    feed(one as ClientLedger, events(0, 1));
    const alone = digests.encode();
    expect(decodeDigests(alone)).toHaveLength(1);
    feed(other as ClientLedger, Buffer.concat([events(0), spaced]));
    expect(digests.encode()).toEqual(alone);
    feed(third as ClientLedger, Buffer.concat([events(0), numbered]));
    expect(digests.encode().isVaried).toBe(true);
    expect(third?.snapshot()).toMatchObject({ received: 2, corrupted: 0 });
  });

  it('a frame may come in pieces, while the other client is ahead or behind', () => {
    const bytes = events(0, 1, 2);
    const { one, other } = twoClients();
    for (let at = 0; at < bytes.length; at++) {
      feed(at % 2 === 0 ? one : other, bytes.subarray(at, at + 1));
      feed(at % 2 === 0 ? other : one, bytes.subarray(at, at + 1));
    }
    expect(one.snapshot()).toMatchObject({ received: 3, missing: 0, corrupted: 0, faults: [] });
    expect(other.snapshot()).toMatchObject({ received: 3, missing: 0, corrupted: 0, faults: [] });
  });

  it('a client joins with events that others, who had earlier ones, read at the same place', () => {
    const { log, recorder, one, other } = twoClients();
    for (const client of [one, other]) feed(client, events(0, 1, 2, 3));
    const late = createClientLedger(log, recorder);
    for (const client of [one, other, late]) feed(client, events(4, 5));
    expect(other.snapshot()).toMatchObject({ firstSequence: 0, nextSequence: 6, received: 6 });
    expect(late.snapshot()).toMatchObject({
      firstSequence: 4,
      nextSequence: 6,
      received: 2,
      judgedSingly: 0,
    });
    expect(recorder.deliveries).toBe(14);
  });

  it('finds what is lost, late and double for one client only', () => {
    const { one, other } = twoClients();
    feed(one, events(0, 1, 2, 3, 4, 5, 6));
    feed(other, events(0, 2, 1, 1, 4, 5, 6));
    expect(one.snapshot()).toMatchObject({ received: 7, missing: 0, duplicated: 0, reordered: 0 });
    expect(other.snapshot()).toMatchObject({ received: 6, missing: 1, duplicated: 1, reordered: 1 });
  });

  it('says which copy is altered, whichever came first', () => {
    const altered = frame(eventText(1).replace('saga-1', 'saga-9'));
    const stream = [events(0), altered, events(2)];
    const { one, other } = twoClients();
    feed(one, Buffer.concat(stream));
    feed(other, events(0, 1, 2));
    expect(one.snapshot()).toMatchObject({ received: 3, corrupted: 1 });
    expect(other.snapshot()).toMatchObject({ received: 3, corrupted: 0 });
  });

  it('follows a client that is behind everything the ring still holds', () => {
    const { one, other } = twoClients({ ringBytes: 1_024 });
    const sequences = Array.from({ length: 200 }, (_, sequence) => sequence);
    const bytes = events(...sequences);
    feed(other, bytes.subarray(0, 30));
    feed(one, bytes);
    feed(other, bytes.subarray(30), 77);
    expect(other.snapshot()).toMatchObject({ received: 200, missing: 0, corrupted: 0, faults: [] });
  });

  it('counts events after the Close frame as received and as a fault, and keeps its code', () => {
    const close = Buffer.from([0x88, 2, 0x03, 0xf5]);
    const { one, other } = twoClients();
    feed(one, events(0, 1));
    feed(other, Buffer.concat([events(0), close, events(1)]));
    expect(other.snapshot()).toMatchObject({ received: 2, closeCode: 1_013 });
    expect(other.snapshot().faults).toMatchObject([{ kind: 'data-after-close', count: 1 }]);
  });

  it('says that a connection ended inside a frame, whether it was read along the log or not', () => {
    const { one, other } = twoClients();
    feed(one, events(0, 1).subarray(0, -1));
    feed(other, events(0).subarray(0, -1));
    one.onEnd();
    other.onEnd();
    expect(one.snapshot()).toMatchObject({ received: 1, isTorn: true, faults: [] });
    expect(other.snapshot()).toMatchObject({ received: 0, isTorn: true });
  });

  it('reads nothing behind a frame too long to be read', () => {
    const { one } = twoClients();
    const endless = Buffer.from([0x81, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255]);
    feed(one, Buffer.concat([events(0), endless, events(1)]));
    expect(one.snapshot()).toMatchObject({ received: 1, faults: [{ kind: 'oversized-frame', count: 1 }] });
  });

  it('hands control frames to the listener in order, with copies of their bodies', () => {
    const log = createEventLog({ runId: 'run1' });
    const heard: string[] = [];
    const listener = {
      onControl: (opcode: number, payload: Buffer) => heard.push(`${opcode}:${payload.toString()}`),
    };
    const ledger = createClientLedger(log, createDeliveryRecorder(), listener);
    const ping = Buffer.concat([Buffer.from([0x89, 2]), Buffer.from('hi')]);
    feed(ledger, Buffer.concat([events(0), ping, events(1), Buffer.from([0x8a, 0, 0x88, 0])]), 5);
    expect(heard).toEqual(['9:hi', '10:', '8:']);
    expect(ledger.closeCode).toBe(1_005);
  });

  it('tells sequences apart that share a row of the table', () => {
    const { one } = twoClients({ maxEvents: 16 });
    feed(one, events(3, 19, 3, 35));
    expect(one.snapshot()).toMatchObject({ received: 3, duplicated: 1, corrupted: 0, missing: 30 });
  });

  it('without a content check, holds every copy against the first', () => {
    const text = (note: string) =>
      JSON.stringify({
        type: 'app.restarted',
        appId: 'a',
        payload: { sagaId: 's', note, nornProbe: 'run1.0.7' },
      });
    const { one, other } = twoClients();
    feed(one, frame(text('first')));
    feed(other, frame(text('other')));
    expect(one.snapshot()).toMatchObject({ received: 1, corrupted: 0 });
    expect(other.snapshot()).toMatchObject({ received: 1, corrupted: 1 });
  });
});

describe('compressed frames', () => {
  const SHARED = 'permessage-deflate; server_no_context_takeover';
  const compressed = (text: string | Buffer) =>
    encodeFrame({ opcode: 1, reservedBits: 4, payload: compress(text) });

  function twoCompressed(answer: string) {
    const clients = twoClients();
    for (const ledger of [clients.one, clients.other]) ledger.onCompression(answer);
    return clients;
  }

  it('that are equal are compared as they are, and counted with what they inflate to', () => {
    const { log, one, other } = twoCompressed(SHARED);
    const texts = [0, 1, 2].map((sequence) => eventText(sequence));
    const bytes = Buffer.concat(texts.map(compressed));
    feed(one, bytes);
    feed(other, bytes, 7);
    expect(one.snapshot()).toMatchObject({ received: 3, judgedSingly: 3, faults: [] });
    expect(other.snapshot()).toMatchObject({ received: 3, judgedSingly: 0, faults: [] });
    const plainBytes = Buffer.concat(texts.map(frame)).length;
    expect(one.compressedBytes).toEqual({ wireBytes: bytes.length, plainBytes });
    expect(other.compressedBytes).toEqual(one.compressedBytes);
    expect(log.snapshots().map(({ events: seen }) => seen)).toEqual([0, 3]);
    const sizes = texts.flatMap((text, sequence) => [sequence, compressed(text).length]);
    expect([log.frameSizes.take(), log.frameSizes.take()]).toEqual([sizes, []]);
  });

  it('are a fault where nothing was agreed on, and where the bit stands on a frame that may not have it', () => {
    const { one } = twoClients();
    feed(one, compressed(eventText(0)));
    expect(one.snapshot().faults).toMatchObject([{ kind: 'reserved-bits' }, { kind: 'invalid-utf8' }]);
    const { other } = twoCompressed(SHARED);
    feed(other, Buffer.concat([encodeFrame({ opcode: 9, reservedBits: 4 }), compressed(eventText(0))]));
    expect(other.snapshot()).toMatchObject({ received: 1, faults: [{ kind: 'reserved-bits', count: 1 }] });
  });

  it('that lost their bit for one client are corrupted for that one', () => {
    const { one, other } = twoCompressed(SHARED);
    feed(one, compressed(eventText(0)));
    feed(other, encodeFrame({ opcode: 1, payload: compress(eventText(0)) }));
    expect([one, other].map((ledger) => ledger.snapshot().corrupted)).toEqual([0, 1]);
  });

  it('that cannot be inflated are corrupted, and the next is read', () => {
    const { one } = twoCompressed(SHARED);
    const broken = encodeFrame({ opcode: 1, reservedBits: 4, payload: Buffer.from(eventText(1)) });
    feed(one, Buffer.concat([compressed(eventText(0)), broken, compressed(eventText(2))]));
    expect(one.snapshot()).toMatchObject({
      received: 2,
      missing: 1,
      corrupted: 1,
      faults: [{ kind: 'not-inflatable', count: 1 }],
    });
  });

  it('end the reading where later messages refer to one that cannot be inflated', () => {
    const { one } = twoCompressed('permessage-deflate');
    const broken = encodeFrame({ opcode: 1, reservedBits: 4, payload: Buffer.from(eventText(1)) });
    feed(one, Buffer.concat([compressed(eventText(0)), broken, compressed(eventText(2))]));
    expect(one.snapshot()).toMatchObject({ received: 1, nextSequence: 1, corrupted: 1 });
  });
});

describe('a flood of messages that nobody published', () => {
  it.each(['{"type":"noise"}', 'noise'])('of %s is counted, and events of the run are still read', (text) => {
    const { one } = twoClients();
    const before = one.snapshot();
    feed(one, Buffer.concat(Array.from({ length: 3_000 }, () => frame(text))));
    feed(one, events(0));
    const { foreign, corrupted, received } = one.snapshot();
    expect([foreign + corrupted, received]).toEqual([before.foreign + 3_000, before.received + 1]);
    expect(foreign).toBeGreaterThanOrEqual(1_999);
  });
});

describe('the event log', () => {
  const step = (sequence: number, status: string) =>
    stampEvent(
      { type: 'deploy.step', appId: 'app', payload: { step: 'build', sagaId: 's1', status } },
      { runId: 'run1', sequence, dueMicros: 0 },
    );

  it('judges schema and saga order once per event, not per client', () => {
    const { log, one, other } = twoClients();
    const altered = step(1, 'running').replace('"running"', '"sideways"');
    const bytes = Buffer.concat([step(3, 'complete'), altered, step(2, 'running')].map(frame));
    feed(one, bytes);
    feed(other, bytes);
    const { schemaProblems, publishedSchemaProblems, sagaProblems } = log.snapshot();
    expect(schemaProblems).toEqual({
      count: 1,
      samples: ['event 1: payload.status is "sideways", not one of running, complete, failed'],
    });
    expect(publishedSchemaProblems.count).toBe(0);
    expect(sagaProblems).toEqual({
      count: 1,
      samples: [
        'event 2: step build of saga s1 arrived as running after it was complete, and was published before',
      ],
    });
  });

  it('blames no hub for what was published out of order or outside the schema', () => {
    const { log, one } = twoClients();
    feed(one, Buffer.concat([step(0, 'complete'), step(1, 'sideways'), step(2, 'running')].map(frame)));
    expect(log.snapshot()).toMatchObject({
      sagaProblems: { count: 0 },
      schemaProblems: { count: 0 },
      publishedSchemaProblems: { count: 1 },
    });
  });
});
