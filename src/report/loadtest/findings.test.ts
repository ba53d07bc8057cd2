// Findings that follow from another stand below it, in every form.
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../load/result/result.ts';
import { buildShownResult } from '../../testing/builders/shown-result-builder.ts';
import { foldFindings } from './findings.ts';
import { LOADTEST_FORMS } from './reporters.ts';

const sagas: Finding = { name: 'saga-order', severity: 'error', message: '7 events', followsFrom: 'blocked' };
const lost: Finding = {
  name: 'lost',
  severity: 'error',
  cohort: 'fast',
  message: '9 lost',
  followsFrom: 'blocked',
};
const blocked: Finding = { name: 'blocked', severity: 'error', message: 'a slow client blocks everybody' };
const result = buildShownResult(
  { seconds: 3, evictions: 0 },
  { verdict: 'failed', findings: [sagas, blocked, lost], thresholds: [] },
);
const render = (name: 'terminal' | 'markdown' | 'html' | 'json' | 'junit' | 'github') =>
  LOADTEST_FORMS[name].render(result);

describe('findings that follow from another', () => {
  it('stand below their cause', () => {
    expect(foldFindings(result)).toEqual([{ finding: blocked, consequences: [sagas, lost] }]);
    const below = 'ERROR blocked: a slow client blocks everybody\n  follows: ERROR saga-order: 7 events\n';
    expect(render('terminal')).toContain(below);
    expect(render('markdown')).toMatch(/\n- ERROR blocked.*\n {2}- follows: ERROR saga-order/);
    expect(render('html')).toMatch(/blocked: [^<]*<details><summary>What follows from it: 2<\/summary>/);
  });

  it('are not counted in the verdict, and stay in JUnit, JSON and annotations', () => {
    expect(render('terminal')).toContain('1 finding,');
    expect(JSON.parse(render('json'))).toMatchObject({ findings: [{ followsFrom: 'blocked' }, {}, {}] });
    for (const name of ['junit', 'github'] as const)
      expect(render(name)).toContain('7 events (follows from blocked)');
  });

  it('stand alone when their cause is not there', () => {
    expect(foldFindings({ findings: [sagas] })).toEqual([{ finding: sagas, consequences: [] }]);
  });
});
