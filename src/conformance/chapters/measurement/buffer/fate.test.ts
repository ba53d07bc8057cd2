// What a client that did not read got, and what that tells of the hub.
import { describe, expect, it } from 'vitest';
import { judgeFate } from './fate.ts';

const sight = (received: readonly number[], isOver = false) =>
  judgeFate({ received: [3, ...received], firstSequence: 10, outstandingMessages: 5, isOver });

describe('judgeFate', () => {
  it.each([
    ['everything and the fence', [10, 11, 12, 13, 14, 15], 'kept'],
    ['all but the latest', [10, 11, 15], 'dropped-newest'],
    ['only the fence', [15], 'dropped-newest'],
    ['the one in flight and the latest', [10, 13, 14, 15], 'dropped-oldest'],
    ['every other one', [10, 12, 14, 15], 'dropped-others'],
    ['a prefix and nothing more', [10, 11], 'forgotten'],
    ['everything, but no later event', [10, 11, 12, 13, 14], 'forgotten'],
  ] as const)('calls a client that got %s %3$s', (_what, received, fate) => {
    expect(sight(received)).toBe(fate);
  });

  it('calls a client kicked whose connection is over, whatever it got', () => {
    expect(sight([10, 11], true)).toBe('kicked');
    expect(sight([], true)).toBe('kicked');
  });
});
