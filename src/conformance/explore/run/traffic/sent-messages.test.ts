// What clients of a program send is legal: a strict reader takes every value of the factor, compressed or not.
import { describe, expect, it } from 'vitest';
import { createFrameReader, STRICT_RULES } from '../../../../testing/hub/frame-reader.ts';
import { createInflater } from '../../../../wire/deflate.ts';
import { SENDS_FACTOR } from '../../factors/messages.ts';
import { planProgram } from '../../program/plan.ts';
import { createDeflate, type ExploreClient } from '../explore-client.ts';
import type { Member } from '../member.ts';
import { sendFrom } from './sent-messages.ts';

const BOUNDS = {
  clientBufferMessages: 64,
  windowEvents: 32,
  eventBytes: 65_536,
  hasSmallWindow: true,
  canRestart: true,
  hasIpv6: false,
  silenceMillis: 7_000,
  mostClients: 1_000,
  mostEvents: Number.POSITIVE_INFINITY,
};

/** What a strict hub reads of a client that sends so; `agreed`: the answer to its offer. */
function read(sends: string, agreed: string | undefined) {
  const seen = { messages: [] as string[], pings: 0, problems: [] as string[] };
  const inflater = createInflater('permessage-deflate');
  const reader = createFrameReader(
    { ...STRICT_RULES, inflate: (compressed) => inflater.inflate(compressed, 65_536) },
    {
      onMessage: (_, payload) => void seen.messages.push(payload.toString('utf8')),
      onPing: () => void seen.pings++,
      onPong: () => {},
      onClose: () => void seen.problems.push('a Close'),
      onViolation: (code, reason) => void seen.problems.push(`${code} ${reason}`),
    },
  );
  const client = {
    isOpen: true,
    hasLeft: false,
    record: { pongs: [] },
    deflate: agreed === undefined ? undefined : createDeflate(agreed),
    sendRaw: (bytes: Uint8Array) => reader.push(Buffer.from(bytes)),
  };
  const member = { client: client as unknown as ExploreClient, sentBytes: 0 } as Member;
  sendFrom([member], planProgram({ seed: 5, factors: { sends } }, BOUNDS), 1);
  expect(reader.isInsideMessage).toBe(false);
  return seen;
}

describe('a client of a program', () => {
  it.each(SENDS_FACTOR.classes)('sends what a strict hub takes: %s', (sends) => {
    for (const agreed of [undefined, 'permessage-deflate', 'permessage-deflate; client_max_window_bits=9'])
      expect(read(sends, agreed).problems).toEqual([]);
  });

  it('compresses only what was agreed on, and what arrives is what it meant', () => {
    expect(read('compressed text', undefined).messages).toEqual([]);
    expect(read('compressed text', 'permessage-deflate').messages).toEqual([
      '{"subscribe":"all"}',
      'z'.repeat(5_000),
      '',
    ]);
    const fragments = read('compressed fragments', 'permessage-deflate');
    expect([fragments.pings, fragments.messages]).toEqual([1, ['{"subscribe":"all"}'.repeat(40)]]);
  });
});
