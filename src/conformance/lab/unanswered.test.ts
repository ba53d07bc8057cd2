// Who is blamed for a broadcast without an answer, and on what proof.
import { describe, expect, it } from 'vitest';
import { explainUnanswered } from './unanswered.ts';

const problem = 'POST URL was not answered within 10000 ms';
const explain = (stalled: readonly string[], answersWithout = true) =>
  explainUnanswered({
    problem,
    stalled,
    earlierMillis: [4, 5, 12],
    callWithoutStalled: async () => ({
      millis: 7.5,
      outcome: answersWithout ? { ok: true, accepted: 1 } : { ok: false, kind: 'timeout', problem },
    }),
  });
const BEFORE = '(the 3 broadcasts before: median 5 ms, longest 12 ms)';

describe('explainUnanswered', () => {
  it('calls the route slow, with its times, where every client reads', async () => {
    expect(await explain([])).toBe(`${problem}; no client had stopped reading: the route is slow ${BEFORE}`);
  });

  it('blames a client that had stopped reading when the route answers without it', async () => {
    expect(await explain(['client B (for 412 ms)'])).toBe(
      `${problem}; client B (for 412 ms) had stopped reading, and once disconnected, the route answered again within 8 ms ${BEFORE}`,
    );
  });

  it('does not blame a client when the route does not answer without it either', async () => {
    expect(await explain(['client B (for 412 ms)'], false)).toContain(
      'but the route does not answer without them either: it is slow',
    );
  });

  it('names three of many clients', async () => {
    expect(await explain(['A', 'B', 'C', 'D', 'E'])).toContain('A, B, C and 2 more had stopped reading');
  });
});
