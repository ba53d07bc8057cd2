// The number of clients that the doctor reports, and what limits it.
import { describe, expect, it } from 'vitest';
import { CLIENT_BYTES, estimateCapacity } from './capacity.ts';

const ROOMY = { descriptors: 1_000_000, availableBytes: 1_000_000 * CLIENT_BYTES };

describe('estimateCapacity', () => {
  it.each([
    [{}, { clients: 999_900, limitedBy: 'descriptors of the hub' }],
    [{ descriptors: 1_024 }, { clients: 924, limitedBy: 'descriptors of the hub' }],
    [{ descriptors: 50 }, { clients: 0, limitedBy: 'descriptors of the hub' }],
    [{ availableBytes: 500 * CLIENT_BYTES }, { clients: 500, limitedBy: 'memory' }],
    [{ descriptors: undefined }, { clients: 1_000_000, limitedBy: 'memory' }],
  ])('with %j is %j', (change, capacity) => {
    expect(estimateCapacity({ ...ROOMY, ...change })).toEqual(capacity);
  });

  it('is unknown where the system reports no limit', () => {
    expect(estimateCapacity({ descriptors: undefined, availableBytes: undefined })).toBeUndefined();
  });
});
