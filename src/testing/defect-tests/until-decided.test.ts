// What is attempted again, and what is not.
import { describe, expect, it } from 'vitest';
import type { Check } from '../../conformance/check.ts';
import { type CheckResult, FAILED_ONCE } from '../../conformance/result.ts';
import { buildCheckResult } from '../builders/conformance-result-builder.ts';
import { untilAllDecided, untilDecided } from './until-decided.ts';

describe('untilDecided', () => {
  it('attempts again what is not decided, three times at most', async () => {
    let attempts = 0;
    const attempt = async () => ++attempts;
    expect(await untilDecided(attempt, (made) => made < 2)).toBe(2);
    attempts = 0;
    expect(await untilDecided(attempt, () => true)).toBe(3);
  });
});

describe('untilAllDecided', () => {
  const checks = ['a.error', 'a.blocked', 'a.once', 'a.fail'].map((id) => ({ id }) as Check);
  const first: Readonly<Record<string, Partial<CheckResult>>> = {
    'a.error': { verdict: 'error' },
    'a.blocked': { verdict: 'skip', blockedBy: 'a.error' },
    'a.once': { verdict: 'warn', evidence: [FAILED_ONCE] },
    'a.fail': { verdict: 'fail' },
  };

  it('judges again what got no verdict and what was skipped for it, never a failure', async () => {
    const asked: string[][] = [];
    const results = await untilAllDecided(checks, async (some) => {
      asked.push(some.map(({ id }) => id));
      return some.map(({ id }) => buildCheckResult(asked.length === 1 ? { id, ...first[id] } : { id }));
    });
    expect(asked).toEqual([
      ['a.error', 'a.blocked', 'a.once', 'a.fail'],
      ['a.error', 'a.blocked', 'a.once'],
    ]);
    expect(results.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass', 'fail']);
  });

  it('leaves an error that stays one', async () => {
    const judge = async (some: readonly Check[]) =>
      some.map(({ id }) => buildCheckResult({ id, verdict: 'error' }));
    const results = await untilAllDecided(checks, judge);
    expect(results.map(({ verdict }) => verdict)).toEqual(['error', 'error', 'error', 'error']);
  });
});
