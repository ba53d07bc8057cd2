// The reviewed verdicts: one file for each server, a reason for each verdict, and a page that shows them.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../../conformance/registry.ts';
import { compareChecks, compareLoad, rewriteChecks, rewriteLoad } from './compare-verdicts.ts';
import { readExpected } from './expected.ts';
import { renderServersPage } from './render-page.ts';
import { SERVERS } from './servers.ts';

const DOCS = new URL('../../../../docs/real-servers.md', import.meta.url);

describe('reviewed verdicts', () => {
  it('exist for each server and for no other', () => {
    const files = readdirSync(new URL('expected', import.meta.url)).sort();
    expect(files).toEqual(SERVERS.map(({ name }) => `${name}.json`).sort());
  });

  it.each(SERVERS.map(({ name }) => name))('of %s name checks that exist, each with a reason', (name) => {
    const { checks, load } = readExpected(name);
    const ids = new Set(CHECKS.map(({ id }) => id));
    expect(Object.keys(checks).filter((id) => !ids.has(id))).toEqual([]);
    const reasons = [
      ...Object.entries(checks).map(([id, { why }]) => [id, why] as const),
      ...Object.entries({ ...load.problems, ...load.possible }),
    ];
    expect(reasons.filter(([, why]) => why.trim() === '')).toEqual([]);
  });

  it('are what docs/real-servers.md shows (npm run docs)', () => {
    const page = renderServersPage(SERVERS.map((server) => [server, readExpected(server.name)]));
    expect(readFileSync(DOCS, 'utf8')).toBe(page);
  });
});

describe('a comparison with reviewed verdicts', () => {
  const check = (id: string, verdict: 'pass' | 'fail' | 'warn' | 'skip') => ({ id, verdict });
  const EXPECTED = {
    a: { verdict: 'fail', why: 'the library does this' },
    b: { verdict: 'warn', or: ['pass'], why: 'threads' },
  };

  it('allows any check to warn of what depends on who is faster, and a check that fails to do nothing else', () => {
    const second = { verdict: 'warn' as const, expected: 'one Close frame' };
    const checks = [
      { id: 'a', ...second },
      { id: 'c', ...second },
    ];
    expect(compareChecks(checks, EXPECTED, { 'one Close frame': 'both close' })).toEqual([
      'a: warn, not fail',
    ]);
  });

  it('reports failures that are new, gone or of another kind', () => {
    expect(compareChecks([check('a', 'fail'), check('b', 'pass'), check('c', 'pass')], EXPECTED)).toEqual([]);
    expect(compareChecks([check('a', 'pass'), check('b', 'fail'), check('c', 'warn')], EXPECTED)).toEqual([
      'a: pass, not fail',
      'b: fail, not warn',
      'c: warn, not pass',
    ]);
  });

  it('keeps reasons that still hold and leaves new ones to the reviewer', () => {
    const checks = [check('a', 'fail'), check('b', 'fail'), check('c', 'warn'), check('d', 'pass')];
    expect(rewriteChecks(checks, EXPECTED)).toEqual({
      a: EXPECTED.a,
      b: { verdict: 'fail', why: '' },
      c: { verdict: 'warn', why: '' },
    });
  });

  const finding = { name: 'blocked', severity: 'error', message: 'event 3 took 9 s' } as const;
  const breach = { expr: 'lost==0', observed: 3, rendered: '3', ok: false, isDecided: true };

  it('holds findings and breached thresholds of a load test against the reviewed ones', () => {
    const loaded = { verdict: 'failed', findings: [finding], thresholds: [breach] } as const;
    const expected = {
      verdict: 'failed',
      problems: { blocked: 'sends in turn', 'threshold lost==0': 'same' },
    };
    expect(compareLoad(loaded, expected)).toEqual([]);
    expect(compareLoad(loaded, { verdict: 'passed', problems: { lost: 'drops' } })).toEqual([
      'load test: failed, not passed',
      'load test: blocked: event 3 took 9 s',
      'load test: threshold lost==0: 3',
      'load test: no lost',
    ]);
    const possible = { blocked: 'depends on the kernel', lost: 'same' };
    const rest = { 'threshold lost==0': 'same' };
    expect(compareLoad(loaded, { verdict: 'failed', problems: rest, possible })).toEqual([]);
    expect(rewriteLoad(loaded, { verdict: 'failed', problems: rest, possible })).toEqual({
      verdict: 'failed',
      problems: rest,
      possible,
    });
    expect(rewriteLoad(loaded, { verdict: 'passed', problems: { blocked: 'known' } })).toEqual({
      verdict: 'failed',
      problems: { blocked: 'known', 'threshold lost==0': '' },
    });
  });
});
