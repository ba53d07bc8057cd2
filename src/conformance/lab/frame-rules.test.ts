// The rules of every connection, on records as a recorder makes them.
import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../session/recorder.ts';
import { createSeries } from '../../session/series.ts';
import { encodeFrame } from '../../wire/frame-writer.ts';
import type { Exchange } from './exchange.ts';
import { findFrameBreach, findSecondClose } from './frame-rules.ts';
import { createRawStreams } from './raw-streams.ts';

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

describe('findSecondClose', () => {
  it.each([true, false])('names a second Close of the hub, provoked or not (%s)', (isProvoking) => {
    expect(findSecondClose([connection([close, close], isProvoking)])?.got).toBe(
      'the hub sent 2 Close frames (1002, 1002) to client A',
    );
    expect(findSecondClose([connection([close, frame(PING)], isProvoking)])).toBeUndefined();
  });
});

describe('raw streams', () => {
  const answer = (bytes: Buffer, status = 101, headers: Readonly<Record<string, string>> = {}): Exchange =>
    ({ kind: 'answer', response: { status, headers }, bytesAfterHead: () => bytes }) as unknown as Exchange;
  const masked = Buffer.from(frame(TEXT, Buffer.from('x'), { mask: Buffer.from([1, 2, 3, 4]) }));
  const breachOfRaw = (exchange: Exchange) => {
    const streams = createRawStreams(createSeries('own'));
    streams.add(exchange);
    return findFrameBreach(streams.read())?.got;
  };

  it('are held to the rules after a 101', () => {
    expect(breachOfRaw(answer(masked))).toContain('a masked frame from the server');
    expect(breachOfRaw(answer(Buffer.concat([close, frame(TEXT, Buffer.from('x'))])))).toContain(
      'to client raw 1',
    );
    expect(breachOfRaw(answer(Buffer.from(frame(TEXT, Buffer.from('x')))))).toBeUndefined();
  });

  it('are not read where the answer is no 101, or an extension was agreed on', () => {
    expect(breachOfRaw(answer(masked, 400))).toBeUndefined();
    expect(
      breachOfRaw(answer(masked, 101, { 'sec-websocket-extensions': 'permessage-deflate' })),
    ).toBeUndefined();
    expect(breachOfRaw({ kind: 'silence' } as unknown as Exchange)).toBeUndefined();
  });
});
