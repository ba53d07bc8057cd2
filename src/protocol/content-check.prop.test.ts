// What a check of content must see and what it must not see.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentCheck, contentHash, stampEvent } from './content-check.ts';
import type { Envelope } from './envelope.ts';
import { decodeProbe, encodeProbe } from './probe.ts';

const fields = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 });

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

describe('the check of content', () => {
  it('is the same for the same JSON in other words', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const other = JSON.parse(JSON.stringify(reversed(value), null, 2));
        expect(contentHash(other)).toBe(contentHash(JSON.parse(JSON.stringify(value))));
      }),
    );
  });

  it('is another for other content', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        const [first, second] = [one, other].map((value) => JSON.parse(JSON.stringify(value)));
        fc.pre(JSON.stringify(first) !== JSON.stringify(second));
        try {
          expect(first).toEqual(second);
        } catch {
          expect(contentHash(first)).not.toBe(contentHash(second));
        }
      }),
    );
  });

  it('tells apart what differs in one place only', () => {
    const texts = [
      '{"a":1}',
      '{"a":"1"}',
      '{"b":1}',
      '{"a":[1]}',
      '{"a":{}}',
      '{"a":[]}',
      '{"a":null}',
      '{}',
    ];
    const more = ['{"a":{"b":1},"c":2}', '{"a":{"c":2},"b":1}', '[1,2]', '[2,1]', '[[1],2]', 'true', 'false'];
    const hashes = [...texts, ...more].map((text) => contentHash(JSON.parse(text)));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('survives what a hub may do to a stamped event, and the probe carries it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fields, fc.nat(), (type, appId, payload, sequence) => {
        const envelope: Envelope = { type, appId, payload };
        const sent = JSON.parse(stampEvent(envelope, { runId: 'r1', sequence, dueMicros: 12 }));
        const retold = { id: 'added by the hub', ...(reversed(sent) as Envelope) };
        const probe = decodeProbe(retold.payload.nornProbe);
        expect(probe).toEqual({ runId: 'r1', sequence, dueMicros: 12, contentCheck: contentCheck(retold) });
      }),
    );
  });
});

describe('the probe', () => {
  it('is not believed when one of its characters is another', () => {
    const probe = { runId: 'r1', sequence: 4_711, dueMicros: 99_000, contentCheck: '0123abcd' };
    const text = encodeProbe(probe);
    expect(decodeProbe(text)).toEqual(probe);
    for (let at = 0; at < '4711.99000'.length; at++) {
      const where = 'r1.'.length + at;
      if (text[where] === '.') continue;
      const digit = (Number(text[where]) + 1) % 10;
      expect(decodeProbe(`${text.slice(0, where)}${digit}${text.slice(where + 1)}`)).toBeUndefined();
    }
  });

  it('may come without a check', () => {
    expect(decodeProbe('r1.5.6')).toEqual({ runId: 'r1', sequence: 5, dueMicros: 6 });
    expect(decodeProbe('r1.5')).toBeUndefined();
    expect(decodeProbe(7)).toBeUndefined();
  });
});
