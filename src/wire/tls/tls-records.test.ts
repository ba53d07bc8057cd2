// Where records end, whatever the pieces are in which bytes arrive.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTlsRecords, plainBytesOf, recordedBytes } from './tls-records.ts';

const record = (bodyBytes: number): Buffer =>
  Buffer.concat([Buffer.from([23, 3, 3, bodyBytes >> 8, bodyBytes & 255]), Buffer.alloc(bodyBytes, 255)]);

it('is torn inside a record, and not between two', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 4_000 }),
      fc.integer({ min: 1, max: 700 }),
      (bodies, cutBytes, pieceBytes) => {
        const stream = Buffer.concat(bodies.map(record));
        const ends = new Set(
          bodies.map((_, at) => Buffer.concat(bodies.slice(0, at + 1).map(record)).length),
        );
        const cut = Math.min(cutBytes, stream.length);
        const records = createTlsRecords();
        for (let at = 0; at < cut; at += pieceBytes) records.read(stream, at, Math.min(cut, at + pieceBytes));
        expect(records.isTorn).toBe(cut > 0 && !ends.has(cut));
      },
    ),
  );
});

it('counts what a record adds, and what is in it', () => {
  expect(recordedBytes(100)).toBe(122);
  expect(recordedBytes(60_000)).toBe(60_088);
  for (const bytes of [0, 1, 16_384, 16_385, 60_000, 262_144])
    expect(plainBytesOf(recordedBytes(bytes))).toBe(bytes);
  expect(plainBytesOf(10)).toBe(0);
});
