// The chapter envelope against hubs that change events on the way: each is blamed by the check that names it.
import { describe, expect, it } from 'vitest';
import { judgeDefect } from '../../testing/defect-tests/judge-defect.ts';
import { envelopeChecks } from './envelope.ts';

// Only what a patient reader needs: events of these hubs do arrive, or never will.
const settings = { waitMillis: 2_000 };
const without = (...ids: string[]) => envelopeChecks.filter(({ id }) => !ids.includes(id));

describe.concurrent('the chapter envelope', () => {
  it('finds nothing wrong with a correct hub', { timeout: 120_000 }, async () => {
    const results = await judgeDefect('correct', envelopeChecks);
    const blamed = [...results.values()].filter(({ verdict }) => verdict !== 'pass');
    expect(blamed.map(({ id, verdict }) => [id, verdict])).toEqual([['envelope.observed', 'skip']]);
  });

  it.each([
    ['shared-buffer', 'envelope.queued-not-mixed', 'after'],
    ['coalesce-newline', 'envelope.queued-not-merged', 'JSON objects in one message'],
    ['binary-when-large', 'envelope.text-messages', 'binary message'],
    ['execution-id-renamed', 'envelope.documented-types', 'executionId'],
    ['nulls-dropped', 'envelope.nested-values', 'missing'],
    ['mojibake', 'envelope.unicode', 'was'],
    ['large-payload-lost', 'envelope.large-payload', 'still connected'],
  ])('blames %s in %s', { timeout: 120_000 }, async (defect, id, got) => {
    const checks = envelopeChecks.filter((check) => check.id === id);
    const results = await judgeDefect(defect, checks, settings);
    expect(results.get(id)).toMatchObject({ verdict: 'fail', got: expect.stringContaining(got) });
  });

  it('warns of rounded integers, and of nothing else', { timeout: 120_000 }, async () => {
    const results = await judgeDefect('number-precision', without('envelope.observed'), settings);
    const blamed = [...results.values()].filter(({ verdict }) => verdict !== 'pass');
    expect(blamed.map(({ id, verdict }) => [id, verdict])).toEqual([['envelope.big-integers', 'warn']]);
  });
});
