// A recorder fed with bytes as a hub sends them: what counts as an event, what is a fault, and what comes after a Close.
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../wire/frame-writer.ts';
import { createRecorder, type RecorderOptions } from './recorder.ts';
import { createSeries } from './series.ts';

const [CONTINUATION, TEXT, BINARY, CLOSE, PING] = [0, 1, 2, 8, 9] as const;
const frame = (opcode: number, payload: Uint8Array | string = '', isFinal = true) =>
  encodeFrame({ opcode, payload: Buffer.from(payload), isFinal });

function record(chunks: readonly Uint8Array[], options: Partial<RecorderOptions> = {}) {
  const controls: number[] = [];
  const recorder = createRecorder({
    series: createSeries('own'),
    judges: 'own',
    onControl: (opcode) => controls.push(opcode),
    ...options,
  });
  for (const [at, chunk] of chunks.entries()) recorder.read(chunk, at * 1_000);
  return { recorder, controls };
}

const CLOSE_1000 = frame(CLOSE, Buffer.from([0x03, 0xe8]));

describe('createRecorder', () => {
  it('records events of its series with time, size and frames, and nonces apart', () => {
    const series = createSeries('own');
    const [nonce, event] = [series.nextNonce().text, series.next().text];
    const { recorder } = record(
      [frame(TEXT, nonce), frame(TEXT, event.slice(0, 20), false), frame(CONTINUATION, event.slice(20))],
      { series },
    );
    expect(recorder.lastNonce).toBe(0);
    expect(recorder.deliveries).toEqual([
      { sequence: 0, atMicros: 2_000, bytes: Buffer.byteLength(event), frames: 2, isIntact: true },
    ]);
    expect([recorder.messages, recorder.faults]).toEqual([2, []]);
  });

  it('leaves messages of others alone, unless all must be envelopes', () => {
    const other = frame(TEXT, 'hello');
    expect(record([other]).recorder.faults).toEqual([]);
    expect(record([other], { judges: 'all' }).recorder.faults).toMatchObject([{ kind: 'json' }]);
  });

  it('skips binary messages and bad UTF-8 of others, and reads on', () => {
    const series = createSeries('own');
    const badText = Buffer.from([0x68, 0xff, 0xfe]);
    const others = [frame(TEXT, badText), frame(BINARY, 'x'), frame(TEXT, series.next().text)];
    const { recorder } = record(others, { series });
    expect([recorder.sequences, recorder.messages, recorder.faults]).toEqual([[0], 3, []]);
    expect(record(others, { series, judges: 'all' }).recorder.faults).toMatchObject([{ kind: 'frame' }]);
    const ownBadText = Buffer.concat([Buffer.from('own'), badText]);
    expect(record([frame(TEXT, ownBadText)]).recorder.faults).toMatchObject([{ kind: 'frame' }]);
  });

  it('does not take an event of a series whose name continues its own', () => {
    const [own, longer] = [createSeries('run00001'), createSeries('run00014')];
    const { recorder } = record([frame(TEXT, longer.next().text)], { series: own });
    expect([recorder.sequences, recorder.faults]).toEqual([[], []]);
  });

  it('names a changed event, a damaged probe and a binary message', () => {
    const series = createSeries('own');
    const changed = series.next().text.replace('healthy', 'HEALTHY');
    const damaged = series.next().text.replace('own.', 'own..');
    const { recorder } = record([frame(TEXT, changed), frame(TEXT, damaged), frame(BINARY, 'own')], {
      series,
    });
    expect(recorder.deliveries).toMatchObject([{ sequence: 0, isIntact: false }]);
    expect(recorder.faults.map(({ kind }) => kind)).toEqual(['probe', 'binary']);
  });

  it.each([
    ['lines', (texts: string[]) => texts.join('\n')],
    ['objects in a row', (texts: string[]) => texts.join('')],
    ['an array', (texts: string[]) => `[${texts.join(',')}]`],
  ] as const)('counts events that came merged, as %s, and tells that they were', (how, merge) => {
    const series = createSeries('own');
    const texts = [series.next().text, createSeries('other').next().text, series.next().text];
    const { recorder } = record([frame(TEXT, merge(texts))], { series, keepTexts: 'own' });
    expect([recorder.sequences, recorder.faults, recorder.messages]).toEqual([[0, 1], [], 1]);
    expect(recorder.merged).toEqual([
      {
        problem: expect.stringContaining('3 JSON objects in one message') as string,
        shape: how === 'an array' ? 'array' : 'joined',
      },
    ]);
    expect(recorder.texts.map(({ text }) => text)).toEqual([texts[0], texts[2]]);
  });

  it('does not take an array of one event, or half an event, for merged', () => {
    const series = createSeries('own');
    const text = series.next().text;
    const { recorder } = record([frame(TEXT, `[${text}]`), frame(TEXT, text + text.slice(0, 40))], {
      series,
    });
    expect([recorder.sequences, recorder.merged]).toEqual([[], []]);
    expect(recorder.faults.map(({ kind }) => kind)).toEqual(['envelope', 'json']);
  });

  it('hands on control frames in order and counts them', () => {
    const { recorder, controls } = record([frame(PING, 'a'), frame(10, 'b'), CLOSE_1000]);
    expect(controls).toEqual([9, 10, 8]);
    expect(recorder.pings).toBe(1);
    expect(recorder.pongs.map(({ payload }) => payload.toString())).toEqual(['b']);
    expect(recorder.closes).toEqual([{ atMicros: 2_000, code: 1000, reason: '' }]);
  });

  it('takes a Close between the fragments of an unfinished message for legal', () => {
    const { recorder } = record([frame(TEXT, 'half', false), CLOSE_1000]);
    expect([recorder.hasDataAfterClose, recorder.hasPartial]).toEqual([false, true]);
    expect(recorder.faults).toEqual([]);
  });

  it.each([
    ['a message', [frame(TEXT, 'late')]],
    ['the rest of a message', [frame(CONTINUATION, 'late')]],
    ['the beginning of a frame', [Buffer.from([0x81])]],
  ])('sees %s after the Close', (_what, after) => {
    const { recorder } = record([frame(TEXT, 'half', false), CLOSE_1000, ...after]);
    expect(recorder.hasDataAfterClose).toBe(true);
  });

  it('takes control frames after the Close for no data', () => {
    const { recorder } = record([CLOSE_1000, frame(PING, 'a'), frame(PING, 'b').subarray(0, 1)]);
    expect(recorder.hasDataAfterClose).toBe(false);
  });

  it('keeps at most 20 faults and 512 bytes of the payload of an unfinished frame', () => {
    const faulty = Array.from({ length: 40 }, () => frame(BINARY, 'own'.repeat(40)));
    const unfinished = frame(TEXT, 'x'.repeat(2_000)).subarray(0, 1_500);
    const { recorder } = record([...faulty, unfinished]);
    expect([recorder.faults.length, recorder.tailBytes.length]).toEqual([20, 512]);
  });

  it('keeps nothing of frames that are whole, and no header, as the end of an unfinished one', () => {
    const fragment = frame(TEXT, 'x'.repeat(600), false);
    const tailOf = (...chunks: Uint8Array[]): string => record(chunks).recorder.tailBytes.toString();
    expect(tailOf(fragment)).toBe('');
    expect(tailOf(fragment, CLOSE_1000)).toBe('');
    expect(tailOf(fragment, frame(CONTINUATION, 'yyyy').subarray(0, 4))).toBe('yy');
    expect(tailOf(frame(TEXT, 'yyyyyy').subarray(0, 4), CLOSE_1000.subarray(0, 2))).toHaveLength(4);
  });
});
