// Whatever is generated is legal, and arrives as it was meant: a strict reader takes every burst, compressed or not, in any
// pieces.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameReader, STRICT_RULES } from '../../testing/hub/frame-reader.ts';
import { createInflater } from '../../wire/deflate.ts';
import { deflateMessage } from '../chapters/robustness/deflated.ts';
import {
  type Burst,
  clientTraffic,
  describeBurst,
  encodeBurst,
  isControl,
  simplerBursts,
} from './client-traffic.ts';

const MOST_BYTES = 16_384;

function readStrictly(burst: Burst, deflate?: typeof deflateMessage) {
  const seen = { messages: [] as number[], pings: [] as Buffer[], pongs: 0, problems: [] as string[] };
  const inflater = createInflater('permessage-deflate');
  const rules = { ...STRICT_RULES, inflate: (bytes: Buffer) => inflater.inflate(bytes, MOST_BYTES) };
  const reader = createFrameReader(deflate ? rules : STRICT_RULES, {
    onMessage: (_, payload) => void seen.messages.push(payload.length),
    onPing: (payload) => void seen.pings.push(Buffer.from(payload)),
    onPong: () => void seen.pongs++,
    onClose: () => void seen.problems.push('a Close'),
    onViolation: (code, reason) => void seen.problems.push(`${code} ${reason}`),
  });
  const { writes, pings } = encodeBurst(burst, deflate);
  for (const bytes of writes) reader.push(bytes);
  expect(seen.pings).toEqual(pings);
  return { ...seen, isInsideMessage: reader.isInsideMessage };
}

const traffic = clientTraffic(MOST_BYTES, { isData: true, mostSaid: 8 });

describe('what a client is made to send', () => {
  it.each([undefined, deflateMessage])('is taken by a strict reader, message by message', (deflate) => {
    fc.assert(
      fc.property(traffic, (burst) => {
        const seen = readStrictly(burst, deflate);
        expect(seen.problems).toEqual([]);
        expect(seen.isInsideMessage).toBe(false);
        expect(seen.messages).toEqual(burst.said.flatMap((said) => (isControl(said) ? [] : [said.bytes])));
      }),
    );
  });

  it('becomes simpler in finitely many steps, and is legal at each', () => {
    fc.assert(
      fc.property(traffic, fc.infiniteStream(fc.nat(7)), (burst, choices) => {
        let simplest = burst;
        for (let steps = 0; ; steps += 1) {
          expect(steps).toBeLessThan(500);
          const simpler = [...simplerBursts(simplest)];
          if (simpler.length === 0) break;
          simplest = simpler[(choices.next().value as number) % simpler.length] as Burst;
        }
        expect(simplest.said).toHaveLength(1);
        expect(readStrictly(simplest).problems).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same for the same seed', () => {
    fc.assert(
      fc.property(traffic, (burst) => {
        expect(encodeBurst(burst)).toEqual(encodeBurst(burst));
        expect(describeBurst(burst)).not.toBe('');
      }),
    );
  });

  it('is nothing but Pings and Pongs for a hub that refuses data', () => {
    fc.assert(
      fc.property(clientTraffic(0, { isData: false, mostSaid: 8 }), (burst) => {
        const seen = readStrictly(burst);
        expect([seen.problems, seen.messages]).toEqual([[], []]);
        expect(seen.pings.length + seen.pongs).toBe(burst.said.length);
      }),
    );
  });
});
