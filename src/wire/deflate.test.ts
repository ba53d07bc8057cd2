// Compressed messages are inflated, whatever context they were compressed in; invalid data is not.
import { constants, createDeflateRaw } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compress } from '../testing/hub/compression.ts';
import { createInflater, findDeflateFault } from './deflate.ts';
import { encodeFrame } from './frame-writer.ts';
import { createMessageReader } from './message-reader.ts';

const MAX_BYTES = 1_000_000;

/** All messages in one context, as without server_no_context_takeover. */
async function compressInOneContext(texts: readonly string[], windowBits = 15): Promise<Buffer[]> {
  const stream = createDeflateRaw({ windowBits });
  const messages: Buffer[] = [];
  let message: Buffer[] = [];
  stream.on('data', (bytes: Buffer) => message.push(bytes));
  for (const text of texts) {
    stream.write(text);
    await new Promise<void>((resume) => stream.flush(constants.Z_SYNC_FLUSH, () => resume()));
    messages.push(Buffer.concat(message).subarray(0, -4));
    message = [];
  }
  stream.destroy();
  return messages;
}

describe('createInflater', () => {
  it('reads messages that refer to those before them', async () => {
    const texts = ['{"a":1}', '{"a":1}', `{"a":"${'xyz'.repeat(30_000)}"}`, '', '{"a":1}'];
    const inflater = createInflater('permessage-deflate');
    const read = (await compressInOneContext(texts)).map((one) => inflater.inflate(one, MAX_BYTES));
    expect(read.map(String)).toEqual(texts);
  });

  it.each([
    ['permessage-deflate', 15],
    ['permessage-deflate; server_max_window_bits=10', 10],
    ['permessage-deflate; server_max_window_bits="9"', 9],
  ])('keeps as much context as %s needs, over many messages', async (answer, windowBits) => {
    const texts = Array.from({ length: 300 }, (_, at) =>
      JSON.stringify({ at, text: `${at % 7}-${at % 11}-`.repeat((at * at) % 400) }),
    );
    const inflater = createInflater(answer);
    const read = (await compressInOneContext(texts, windowBits)).map((one) =>
      inflater.inflate(one, MAX_BYTES),
    );
    expect(read.map(String)).toEqual(texts);
  });

  it('keeps no context where the hub promised to use none', async () => {
    const [first, second] = await compressInOneContext(['{"text":"the same"}', '{"text":"the same"}']);
    const inflater = createInflater('permessage-deflate; server_no_context_takeover');
    expect(String(inflater.inflate(first as Buffer, MAX_BYTES))).toBe('{"text":"the same"}');
    expect(inflater.inflate(second as Buffer, MAX_BYTES)).toBeUndefined();
  });

  it('reads a message that still has its tail only where each has its own context', () => {
    const withTail = Buffer.concat([compress('{"a":1}'), Buffer.from([0, 0, 0xff, 0xff])]);
    const goesOn = createInflater('permessage-deflate');
    const startsFresh = createInflater('permessage-deflate; server_no_context_takeover');
    expect(goesOn.inflate(withTail, MAX_BYTES)).toBeUndefined();
    expect(String(startsFresh.inflate(withTail, MAX_BYTES))).toBe('{"a":1}');
    expect([goesOn.keptTails, startsFresh.keptTails]).toEqual([1, 1]);
  });

  it('reads a message whose last block is marked as the last (RFC 7692 7.2.3.4)', () => {
    const inflater = createInflater('permessage-deflate');
    const hello = Buffer.from('f348cdc9c9070000', 'hex');
    expect(String(inflater.inflate(hello, MAX_BYTES))).toBe('Hello');
    expect(inflater.keptTails).toBe(0);
  });

  it('returns undefined for invalid deflate data and for messages longer than allowed', () => {
    const inflater = createInflater('permessage-deflate');
    expect(inflater.inflate(Buffer.from('{"type":"t","appId":"a"}'), MAX_BYTES)).toBeUndefined();
    expect(inflater.inflate(compress('x'.repeat(1_001)), 1_000)).toBeUndefined();
  });
});

describe('findDeflateFault', () => {
  it.each([
    'permessage-deflate',
    'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    'Permessage-Deflate;client_max_window_bits=12;server_max_window_bits="10"',
  ])('accepts %s', (answer) => expect(findDeflateFault(answer)).toBeUndefined());

  it.each([
    'x-webkit-deflate-frame',
    'permessage-deflate; level=9',
    'permessage-deflate, permessage-deflate',
    'permessage-deflate; server_no_context_takeover; server_no_context_takeover',
  ])('rejects %s', (answer) => expect(findDeflateFault(answer)).toContain(answer));
});

describe('createMessageReader with compression', () => {
  const read = (bytes: Uint8Array) =>
    createMessageReader(MAX_BYTES, () => createInflater('permessage-deflate')).read(bytes);
  const payload = compress('{"a":"é"}');

  it('inflates a message that begins with RSV1, in one frame or several', () => {
    const whole = read(encodeFrame({ opcode: 1, reservedBits: 4, payload }));
    const pieces = read(
      Buffer.concat([
        encodeFrame({ opcode: 1, reservedBits: 4, isFinal: false, payload: payload.subarray(0, 3) }),
        encodeFrame({ opcode: 9, payload: Buffer.from('p') }),
        encodeFrame({ opcode: 0, payload: payload.subarray(3) }),
      ]),
    );
    expect(whole).toMatchObject([{ kind: 'text', payload: Buffer.from('{"a":"é"}') }]);
    expect(pieces).toMatchObject([{ kind: 'ping' }, { kind: 'text', payload: Buffer.from('{"a":"é"}') }]);
  });

  it('leaves a message without RSV1 as it is', () => {
    expect(read(encodeFrame({ opcode: 1, payload: Buffer.from('plain') }))).toMatchObject([
      { kind: 'text', payload: Buffer.from('plain') },
    ]);
  });

  it('reports RSV1 on a control frame, and RSV2', () => {
    expect(read(encodeFrame({ opcode: 9, reservedBits: 4, payload }))).toMatchObject([{ kind: 'fault' }]);
    expect(read(encodeFrame({ opcode: 1, reservedBits: 6, payload }))).toMatchObject([{ kind: 'fault' }]);
  });
});
