// Wrapping: where lines break, and what stays whole.
import { describe, expect, it } from 'vitest';
import { wrapText } from './wrap-text.ts';

describe('wrapText', () => {
  it('fills each line up to its last column', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('one two three', 6)).toEqual(['one', 'two', 'three']);
  });

  it('keeps two spaces within a line, and none at its ends', () => {
    expect(wrapText('N  Clients', 20)).toEqual(['N  Clients']);
    expect(wrapText('COHORT  Clients', 8)).toEqual(['COHORT', 'Clients']);
  });

  it('leaves a word whole that is longer than a line', () => {
    expect(wrapText('see http://localhost/ now', 6)).toEqual(['see', 'http://localhost/', 'now']);
  });
});
