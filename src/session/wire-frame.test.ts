// Frames as the wire log shows them.
import { describe, expect, it } from 'vitest';
import { OPCODE } from '../wire/frame-header.ts';
import { encodeClientFrame, encodeClosePayload, encodeFrame } from '../wire/frame-writer.ts';
import { decodeWireFrame, describeHeader, describeWireFrame, SHOWN_PAYLOAD_BYTES } from './wire-frame.ts';

const SERVER_TEXT = { opcode: OPCODE.text, isFinal: true, isMasked: false, reservedBits: 0 };

describe('a frame of the wire log', () => {
  it('has the text of a masked frame unmasked', () => {
    expect(decodeWireFrame(encodeClientFrame(OPCODE.text, 'grüße'))).toEqual({
      opcode: 1,
      isFinal: true,
      isMasked: true,
      payloadBytes: 7,
      text: 'grüße',
    });
  });

  it('has code and reason of a Close, masked or not', () => {
    const payload = encodeClosePayload(1008, 'too slow');
    const close = { code: 1008, reason: 'too slow' };
    expect(decodeWireFrame(encodeClientFrame(OPCODE.close, payload))).toMatchObject({ close });
    expect(decodeWireFrame(encodeFrame({ opcode: OPCODE.close, payload }))).toMatchObject({ close });
    expect(decodeWireFrame(encodeClientFrame(OPCODE.close))).toMatchObject({ close: { code: 1005 } });
  });

  it('tells what is illegal about it: reserved bits, a first fragment, a reserved opcode', () => {
    const mask = Buffer.from([1, 2, 3, 4]);
    expect(decodeWireFrame(encodeFrame({ opcode: 3, isFinal: false, reservedBits: 4, mask }))).toEqual({
      opcode: 3,
      isFinal: false,
      isMasked: true,
      reservedBits: 4,
      payloadBytes: 0,
    });
  });

  it('is nothing for half a frame, two frames, or a length that is not true', () => {
    const frame = encodeClientFrame(OPCODE.text, 'whole');
    expect(decodeWireFrame(frame.subarray(0, 1))).toBeUndefined();
    expect(decodeWireFrame(frame.subarray(0, 8))).toBeUndefined();
    expect(decodeWireFrame(Buffer.concat([frame, frame]))).toBeUndefined();
    expect(decodeWireFrame(encodeFrame({ opcode: 1, declaredBytes: 2n ** 62n }))).toBeUndefined();
  });

  it.each(['server', 'client'] as const)(
    'of a %s keeps the beginning of a long text, never half a character',
    (side) => {
      const payload = Buffer.from(`x${'ü'.repeat(SHOWN_PAYLOAD_BYTES)}`);
      const frame =
        side === 'server'
          ? describeWireFrame(SERVER_TEXT, payload, 3)
          : decodeWireFrame(encodeClientFrame(OPCODE.text, payload));
      expect(frame).toMatchObject({ payloadBytes: payload.length });
      expect(frame?.text).toBe(`x${'ü'.repeat(SHOWN_PAYLOAD_BYTES / 2 - 1)}`);
    },
  );

  it('says of a fragmented message how many frames it had', () => {
    expect(describeWireFrame(SERVER_TEXT, Buffer.from('{}'), 3)).toMatchObject({
      frames: 3,
      payloadBytes: 2,
    });
    expect(describeWireFrame(SERVER_TEXT, Buffer.from('{}'))).not.toHaveProperty('frames');
  });

  it('has no length where the header declares one beyond 2^53', () => {
    const header = { ...SERVER_TEXT, payloadBytes: Number.POSITIVE_INFINITY };
    expect(describeHeader(header)).toMatchObject({ payloadBytes: null });
  });
});
