// What the events of programs say: valid envelopes in every form, the same from the same seed, and intact after JSON.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnvelope } from '../../protocol/envelope-validation.ts';
import { createSeries } from '../../session/series.ts';
import {
  APPS_FACTOR,
  CONTENT_FACTOR,
  FORM_FACTOR,
  SIZES_FACTOR,
  TYPES_FACTOR,
} from '../explore/factors/events.ts';
import { shapeEvent } from './content.ts';
import { writeAs } from './json-form.ts';

const choices = fc.record({
  types: fc.constantFrom(...TYPES_FACTOR.classes),
  apps: fc.constantFrom(...APPS_FACTOR.classes),
  content: fc.constantFrom(...CONTENT_FACTOR.classes),
  sizes: fc.constantFrom(...SIZES_FACTOR.classes),
  paddingBytes: fc.constantFrom(0, 1, 126, 4_096),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});
const forms = fc.constantFrom(...FORM_FACTOR.classes);
const places = fc.integer({ min: 0, max: 200 });

describe('an event of a program', () => {
  it('is a valid envelope that keeps its content in every form', () => {
    fc.assert(
      fc.property(choices, forms, places, (choice, form, at) => {
        const series = createSeries('s1');
        const text = writeAs(form, series.next(shapeEvent(choice, at)).text);
        const verdict = parseEnvelope(text);
        expect(verdict.ok ? '' : verdict.problem).toBe('');
        expect(series.readMessage(Buffer.from(text))).toMatchObject({
          kind: 'event',
          reading: { kind: 'event', isIntact: true },
        });
        expect(text).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 300 },
    );
  });

  it('has exactly a length at an edge', () => {
    const lengths = new Set<number>();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), places, (seed, at) => {
        const plain = { types: 'one', apps: 'one', content: 'plain', paddingBytes: 66_000, seed };
        const { text } = createSeries('s1').next(shapeEvent({ ...plain, sizes: 'edges' }, at));
        const bytes = Buffer.byteLength(text);
        const nearest = 2 ** Math.round(Math.log2(bytes));
        expect(Math.abs(bytes - nearest)).toBeLessThanOrEqual(1);
        lengths.add(bytes);
      }),
      { numRuns: 300 },
    );
    for (const bytes of [1_024, 4_095, 65_535, 65_536, 65_537]) expect(lengths).toContain(bytes);
  });

  it('is the same from the same seed', () => {
    fc.assert(
      fc.property(choices, places, (choice, at) => {
        expect(shapeEvent(choice, at)).toEqual(shapeEvent(choice, at));
      }),
    );
  });

  it('is not intact when keys that differ in case become one', () => {
    const series = createSeries('s1');
    const choice = {
      types: 'one',
      apps: 'one',
      content: 'keys by case',
      sizes: 'equal',
      paddingBytes: 0,
      seed: 1,
    };
    const sent = JSON.parse(series.next(shapeEvent(choice, 0)).text);
    delete sent.payload.STATE;
    expect(series.readMessage(Buffer.from(JSON.stringify(sent)))).toMatchObject({
      reading: { isIntact: false },
    });
  });

  it('has the name of its app and its type from the classes that were chosen', () => {
    const choice = {
      types: 'long',
      apps: 'special names',
      content: 'plain',
      sizes: 'equal',
      paddingBytes: 0,
      seed: 1,
    };
    expect(shapeEvent(choice, 0)).toMatchObject({ type: '63-'.padEnd(63, 'n'), appId: '__proto__' });
    expect(shapeEvent(choice, 1).appId).toBe('constructor');
  });
});
