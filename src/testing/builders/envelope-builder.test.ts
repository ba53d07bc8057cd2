// The envelopes that tests build are valid events of the protocol.
import { describe, expect, it } from 'vitest';
import { validateEnvelope } from '../../protocol/envelope-validation.ts';
import { buildEveryType, buildNumberedText, readNumber } from './envelope-builder.ts';

describe('built envelopes', () => {
  it('are valid, one of every documented type', () => {
    const verdicts = buildEveryType().map(validateEnvelope);
    expect(verdicts.map((verdict) => verdict.ok && verdict.isDocumented)).toEqual(verdicts.map(() => true));
  });

  it('carry their number and about the size that was asked for', () => {
    const text = buildNumberedText(42, 10_000);
    expect(readNumber(text)).toBe(42);
    expect(text.length).toBeGreaterThan(10_000);
    expect(text.length).toBeLessThan(10_200);
  });
});
