// When a hub counts as one that delivers or answers nothing.
import { describe, expect, it } from 'vitest';
import { buildCheckResult } from '../../../testing/builders/conformance-result-builder.ts';
import type { Muteness } from '../../finding.ts';
import { findMuteness } from './mute-hub.ts';

const breach = { expected: 'a', got: 'b' };
const shows = (id: string, muteness: Muteness) =>
  buildCheckResult({ id, verdict: 'fail', ...breach, muteness });
const broken = buildCheckResult({ verdict: 'fail', ...breach });

describe('findMuteness', () => {
  it.each([
    ['delivers-nothing', 'answers-nothing', 'no client receives anything'],
    ['answers-nothing', 'delivers-nothing', 'the broadcast route answers nothing'],
  ] as const)('names the first check that showed %s, once three have', (kind, other, problem) => {
    expect(findMuteness([broken, shows('a', kind), shows('b', other), shows('c', kind)])).toBeUndefined();
    expect(findMuteness([broken, shows('a', kind), shows('b', kind), shows('c', kind)])).toEqual({
      checkId: 'a',
      problem,
    });
  });

  it('does not count what could not be judged', () => {
    const doubted = { ...shows('a', 'delivers-nothing'), verdict: 'error' as const };
    expect(findMuteness([doubted, doubted, doubted])).toBeUndefined();
  });
});
