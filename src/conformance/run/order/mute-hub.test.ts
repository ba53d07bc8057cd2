// When a hub counts as one that delivers nothing.
import { describe, expect, it } from 'vitest';
import { buildCheckResult } from '../../../testing/builders/conformance-result-builder.ts';
import { neverJoined } from '../../lab/route/never-joined.ts';
import { explainUnanswered } from '../../lab/route/unanswered/unanswered.ts';
import { findMuteness } from './mute-hub.ts';

const shows = (id: string) => buildCheckResult({ id, ...neverJoined([], 3, 2_000) });
const broken = buildCheckResult({ verdict: 'fail', expected: 'a', got: 'b' });

describe('findMuteness', () => {
  it('names the first check that showed it, once three have', () => {
    expect(findMuteness([broken, shows('a'), shows('b')])).toBeUndefined();
    expect(findMuteness([broken, shows('a'), shows('b'), shows('c')])).toEqual({
      checkId: 'a',
      problem: 'no client receives anything',
    });
  });

  it('does not count clients that received something unreadable', () => {
    const unreadable = { ...shows('a'), got: `${shows('a').got}; first fault: not JSON` };
    expect(findMuteness([unreadable, unreadable, unreadable])).toBeUndefined();
  });

  it('names the first check whose broadcasts were not answered, once three have shown it', async () => {
    const got = await explainUnanswered({
      ...{ problem: 'POST was not answered within 2000 ms', stalled: [], earlier: [] },
      answersHandshake: async () => true,
    } as never);
    const unanswered = (id: string) => buildCheckResult({ id, verdict: 'fail', expected: 'a', got });
    expect(findMuteness([unanswered('a'), shows('b'), unanswered('c')])).toBeUndefined();
    expect(findMuteness([broken, unanswered('a'), unanswered('b'), unanswered('c')])).toEqual({
      checkId: 'a',
      problem: 'the broadcast route answers nothing',
    });
  });

  it('does not count broadcasts that are not answered while a client does not read, or after others were', () => {
    const of = (got: string) => buildCheckResult({ verdict: 'fail', expected: 'a', got });
    const none = ' (no broadcast of this check was answered)';
    for (const got of [
      `not answered; client A (for 9 ms) had stopped reading, but without it an event takes 3 ms, too: the route is slow${none}`,
      'not answered; no client had stopped reading: the route is slow (the 3 answered before took up to 2 ms)',
    ])
      expect(findMuteness([of(got), of(got), of(got)])).toBeUndefined();
  });
});
