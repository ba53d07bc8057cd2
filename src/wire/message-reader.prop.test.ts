// Any split of any frame sequence gives the same messages; every illegal frame is a named fault.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from './frame-writer.ts';
import { createMessageReader, type WireEvent } from './message-reader.ts';

const message = fc.record({
  fragments: fc.array(fc.string({ maxLength: 300 }), { minLength: 1, maxLength: 4 }),
  ping: fc.option(fc.uint8Array({ maxLength: 125 })),
});

function encodeAll(messages: readonly { fragments: string[]; ping: Uint8Array | null }[]): Buffer {
  return Buffer.concat(
    messages.flatMap(({ fragments, ping }) =>
      fragments.flatMap((text, index) => [
        encodeFrame({
          opcode: index === 0 ? 1 : 0,
          isFinal: index === fragments.length - 1,
          payload: Buffer.from(text),
        }),
        ...(ping && index === 0 ? [encodeFrame({ opcode: 9, payload: ping })] : []),
      ]),
    ),
  );
}

function summarise(events: readonly WireEvent[]): string[] {
  return events.map((event) =>
    event.kind === 'fault' ? event.problem : `${event.kind}:${event.payload.toString('hex')}`,
  );
}

describe('createMessageReader', () => {
  it('gives the same messages for any split of the bytes', () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 5 }),
        fc.array(fc.nat(2_000), { maxLength: 12 }),
        (messages, cuts) => {
          const bytes = encodeAll(messages);
          const whole = createMessageReader().read(bytes);
          const reader = createMessageReader();
          const points = [
            0,
            ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
            bytes.length,
          ];
          const pieces = points.slice(1).map((end, index) => bytes.subarray(points[index], end));
          expect(summarise(pieces.flatMap((piece) => reader.read(piece)))).toEqual(summarise(whole));
          expect(reader.hasPartial).toBe(false);
          const texts = whole.flatMap((event) => (event.kind === 'text' ? [event.payload.toString()] : []));
          expect(texts).toEqual(
            messages.map(({ fragments }) => Buffer.concat(fragments.map((f) => Buffer.from(f))).toString()),
          );
        },
      ),
    );
  });

  it('puts together what comes in many pieces, and keeps it as it was', () => {
    const payloads = [5 * 1024 * 1024, 300, 70_000, 1].map((bytes, at) => Buffer.alloc(bytes, 97 + at));
    const bytes = Buffer.concat(payloads.map((payload) => encodeFrame({ opcode: 1, payload })));
    const reader = createMessageReader();
    const events: WireEvent[] = [];
    const piece = Buffer.alloc(65_536);
    for (let at = 0; at < bytes.length; at += piece.length) {
      const copied = bytes.copy(piece, 0, at);
      events.push(...reader.read(piece.subarray(0, copied)));
    }
    expect(events.map((event) => event.kind)).toEqual(['text', 'text', 'text', 'text']);
    const isSame = events.map(
      (event, at) => event.kind === 'text' && event.payload.equals(payloads[at] as Buffer),
    );
    expect(isSame).toEqual([true, true, true, true]);
  });

  it.each([
    ['81850000000068656c6c6f', 'masked'],
    ['c100', 'reserved bits'],
    ['8300', 'reserved opcode 3'],
    ['8b00', 'reserved opcode 11'],
    ['0900', 'fragmented control'],
    ['897e0080', 'control frame of 128'],
    ['8000', 'continuation frame without'],
    ['01008100', 'inside a fragmented'],
    ['8101ff', 'not UTF-8'],
  ])('names the fault of %s', (hex, problem) => {
    const events = createMessageReader().read(Buffer.from(hex, 'hex'));
    expect(events.at(-1)).toMatchObject({ kind: 'fault', problem: expect.stringContaining(problem) });
  });
});
