// A compressor that has seen one filler gains nothing from it for the next.
import { constants, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fillerOf } from './filler.ts';

describe('fillerOf', () => {
  it.each([256, 8_192, 65_536])('fills %i bytes on the wire, compressed or not', (bytes) => {
    expect(fillerOf(bytes, false)).toHaveLength(bytes);
    const dictionary = Buffer.from(fillerOf(bytes, true)).subarray(-32_768);
    const compressed = deflateRawSync(fillerOf(bytes, true), {
      dictionary,
      level: constants.Z_BEST_COMPRESSION,
    });
    expect(compressed.length).toBeGreaterThan(0.98 * bytes);
    expect(compressed.length).toBeLessThan(1.2 * bytes);
  });
});
