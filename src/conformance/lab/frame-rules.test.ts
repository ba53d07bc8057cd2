// The rules of every connection, on records as a recorder makes them.
import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../session/recorder.ts';
import { createSeries } from '../../session/series.ts';
import { encodeFrame } from '../../wire/frame-writer.ts';
import { findFrameBreach } from './frame-rules.ts';

const [TEXT, CLOSE, PING] = [1, 8, 9] as const;
const frame = (opcode: number, payload: Uint8Array = Buffer.alloc(0), more: object = {}) =>
  encodeFrame({ opcode, payload, ...more });
const close = frame(CLOSE, Buffer.from([0x03, 0xea]));

function connection(frames: readonly Uint8Array[], isProvoking = false) {
  const record = createRecorder({ series: createSeries('own'), judges: 'own', onControl: () => {} });
  for (const each of frames) record.read(each, 0);
  return { name: 'A', isProvoking, record };
}
const breachOf = (frames: readonly Uint8Array[], isProvoking?: boolean) =>
  findFrameBreach([connection([]), connection(frames, isProvoking)])?.got;

describe('findFrameBreach', () => {
  it.each([true, false])('names data after the Close of the hub, provoked or not (%s)', (isProvoking) => {
    expect(breachOf([close, frame(TEXT, Buffer.from('x'))], isProvoking)).toBe(
      'the hub sent data after its Close 1002 to client A',
    );
  });

  it.each([
    ['a masked frame', frame(TEXT, Buffer.from('x'), { mask: Buffer.from([1, 2, 3, 4]) })],
    ['reserved bits', frame(TEXT, Buffer.from('x'), { reservedBits: 4 })],
    ['reserved opcode', frame(3)],
  ])('names %s, unless the check provoked it', (problem, illegal) => {
    expect(breachOf([illegal])).toContain(problem);
    expect(breachOf([illegal], true)).toBeUndefined();
  });

  it('accepts a Ping after the Close, and a Close between fragments', () => {
    expect(breachOf([close, frame(PING)])).toBeUndefined();
    expect(breachOf([frame(TEXT, Buffer.from('x'), { isFinal: false }), close])).toBeUndefined();
  });
});
