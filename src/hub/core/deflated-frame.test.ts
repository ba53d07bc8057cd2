// What is compressed reads back as it was, alone; what does not shrink is sent as it is.
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createInflater } from '../../wire/deflate.ts';
import { encodeServerText } from '../../wire/frame-writer.ts';
import { createMessageReader } from '../../wire/message-reader.ts';
import { deflateFrame } from './deflated-frame.ts';

const read = (frame: Buffer) =>
  createMessageReader(1e6, () => createInflater('permessage-deflate; server_no_context_takeover')).read(
    frame,
  );

describe('deflateFrame', () => {
  it.each([128, 1_000, 200_000])(
    'compresses %i bytes that repeat, each frame without the others',
    (bytes) => {
      const text = 'an event '.repeat(bytes).slice(0, bytes);
      const frames = [1, 2].map(() => deflateFrame(encodeServerText(Buffer.from(text))));
      expect(frames[0]?.length).toBeLessThan(bytes);
      for (const frame of frames)
        expect(read(frame).map((event) => event.kind === 'text' && String(event.payload))).toEqual([text]);
      expect(frames[0]?.equals(frames[1] as Buffer)).toBe(true);
    },
  );

  it('leaves a small message as it is, and one that does not shrink', () => {
    const small = encodeServerText(Buffer.alloc(127, 'a'));
    const random = encodeServerText(randomBytes(4_096));
    expect(deflateFrame(small)).toBe(small);
    expect(deflateFrame(random)).toBe(random);
  });
});
