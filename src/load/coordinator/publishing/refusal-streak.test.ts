// A refusal is counted and the run goes on; a route that refuses everything, from the start or for good, is named.
import { describe, expect, it } from 'vitest';
import { createRefusalStreaks } from './refusal-streak.ts';

function streaksOf(answers: readonly (number | 'accepted')[], everySeconds: number) {
  const streaks = createRefusalStreaks();
  for (const [index, answer] of answers.entries())
    streaks.add({
      atMicros: index * everySeconds * 1e6,
      firstSequence: index,
      refusal: answer === 'accepted' ? undefined : { status: answer, reason: `answered ${answer}` },
    });
  return streaks;
}

describe('createRefusalStreaks', () => {
  it.each([301, 302, 401, 403, 404, 405, 415])('calls a first answer %i a setup problem', (status) => {
    expect(streaksOf([status], 0).refusesAll).toBe(true);
  });

  it.each([400, 413, 429, 500, 503])('gives a first answer %i five requests in five seconds', (status) => {
    expect(streaksOf([status, status, status, status, status], 1).refusesAll).toBe(false);
    expect(streaksOf([status, status, status, status, status, status], 1).refusesAll).toBe(true);
    expect(streaksOf([status, status, 'accepted'], 10).refusesAll).toBe(false);
  });

  it('names the refusals until the end, and forgets them with an accepted event', () => {
    const answers = ['accepted', 500, 500, 500, 500, 500, 500] as const;
    expect(streaksOf(answers, 1).lasting()).toMatchObject({ requests: 6, firstSequence: 1, micros: 5e6 });
    expect(streaksOf([...answers, 'accepted'], 1).lasting()).toBeUndefined();
    expect(streaksOf(answers, 1).refusesAll).toBe(false);
  });
});
