// When a hub counts as one that delivers nothing.
import { describe, expect, it } from 'vitest';
import { buildCheckResult } from '../../../testing/builders/conformance-result-builder.ts';
import { neverJoined } from '../../lab/route/never-joined.ts';
import { findMuteness } from './mute-hub.ts';

const shows = (id: string) => buildCheckResult({ id, ...neverJoined([], 3, 2_000) });
const broken = buildCheckResult({ verdict: 'fail', expected: 'a', got: 'b' });

describe('findMuteness', () => {
  it('names the first check that showed it, once three have', () => {
    expect(findMuteness([broken, shows('a'), shows('b')])).toBeUndefined();
    expect(findMuteness([broken, shows('a'), shows('b'), shows('c')])).toBe('a');
  });

  it('does not count clients that received something unreadable', () => {
    const unreadable = { ...shows('a'), got: `${shows('a').got}; first fault: not JSON` };
    expect(findMuteness([unreadable, unreadable, unreadable])).toBeUndefined();
  });
});
