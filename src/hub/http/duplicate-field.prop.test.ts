// A field that occurs twice is found wherever it hides, and never where none is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDuplicateField } from './duplicate-field.ts';

describe('findDuplicateField', () => {
  it('finds nothing in what JSON.stringify wrote, whatever the strings and the indent', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat({ max: 2 }), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(findDuplicateField(text, JSON.parse(text))).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds the field that was written twice, at any depth and however it is escaped', () => {
    const nest = fc.constantFrom(
      (inner: string) => `[1,${inner},"}]"]`,
      (inner: string) => `{"a":0,"b\\"{":${inner}}`,
      (inner: string) => ` { "__proto__" : ${inner} } `,
    );
    fc.assert(
      fc.property(fc.string(), fc.array(nest, { maxLength: 6 }), (name, nests) => {
        const key = JSON.stringify(name);
        const innermost = `{${key}:1,"other":{${key}:":"},${key} :2}`;
        const text = nests.reduce((inner, wrap) => wrap(inner), innermost);
        const expected = name === 'other' ? 'other' : name;
        expect(findDuplicateField(text, JSON.parse(text))).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('sees that two spellings are one name', () => {
    const text = '{"a":1,"\\u0061":2}';
    expect(findDuplicateField(text, JSON.parse(text))).toBe('a');
  });
});
