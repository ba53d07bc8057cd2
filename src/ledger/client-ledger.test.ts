// Examples of one or two clients reading the same event log.
import { describe, expect, it } from 'vitest';
import { stampEvent } from '../protocol/content-check.ts';
import { canonicalHeaderBytes, writeCanonicalFrame } from './canonical-frame.ts';
import { createClientLedger } from './client-ledger.ts';
import { createDeliveryRecorder } from './delivery-recorder.ts';
import { createEventLog } from './event-log.ts';
import type { ClientLedger } from './ledger.ts';

const DUE_MICROS = 1_000;

function eventText(sequence: number, runId = 'run1'): string {
  const envelope = { type: 'app.restarted', appId: 'app', payload: { sagaId: `saga-${sequence}` } };
  return stampEvent(envelope, { runId, sequence, dueMicros: DUE_MICROS });
}

function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const bytes = Buffer.alloc(canonicalHeaderBytes(payload.length) + payload.length);
  writeCanonicalFrame(bytes, payload, 0, payload.length);
  return bytes;
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
});
