// What a run amounts to: levels, known failures, selection.
import { describe, expect, it } from 'vitest';
import {
  buildCheckResult,
  buildConformanceResult,
} from '../../testing/builders/conformance-result-builder.ts';
import { error, fail, pass, skip, warn } from '../finding.ts';
import { applyKnownFailing, parseKnownFailing } from '../known-failing.ts';
import { CHECKS } from '../registry.ts';
import { judge, mergeMeasurements } from '../result.ts';
import { judgeRun } from '../verdict.ts';
import { findCheck, selectChecks } from './selection.ts';

const breach = { expected: 'this', got: 'that' };
const anyCheck = CHECKS[0] as (typeof CHECKS)[number];
const run = { durationMillis: 1, wire: [{ atMillis: 0, direction: 'in' as const, client: 'A', what: 'x' }] };

describe('judge', () => {
  it.each([
    ['must', fail(breach), 'fail'],
    ['should', fail(breach), 'warn'],
    ['should', warn(breach), 'warn'],
    ['must', warn(breach), 'warn'],
    ['info', skip('no'), 'skip'],
    ['info', fail(breach), 'skip'],
    ['must', error('no'), 'error'],
    ['must', pass(), 'pass'],
  ] as const)('makes of a %s with %o the verdict %s', (level, finding, verdict) => {
    expect(judge({ ...anyCheck, level }, finding, run).verdict).toBe(verdict);
  });

  it('keeps the wire log of what went wrong only', () => {
    expect(judge(anyCheck, fail(breach), run).wire).toHaveLength(1);
    expect(judge(anyCheck, pass(), run).wire).toEqual([]);
  });
});

describe('mergeMeasurements', () => {
  it('keeps a value over none, and the later of two values', () => {
    const none = { value: null, reason: 'not seen' };
    const merged = mergeMeasurements([
      { measurements: { a: { value: 1 }, b: none, c: { value: 3 } } },
      { measurements: { a: none, b: { value: 2 }, c: { value: 4 } } },
    ]);
    expect(merged).toEqual({ a: { value: 1 }, b: { value: 2 }, c: { value: 4 } });
  });
});

describe('judgeRun', () => {
  const verdictOf = (verdicts: readonly ('pass' | 'fail' | 'warn' | 'skip' | 'error')[], strict = false) => {
    const base = buildConformanceResult(verdicts.map((verdict) => buildCheckResult({ verdict })));
    return judgeRun({ ...base, settings: { ...base.settings, strict } });
  };

  it.each([
    [['pass', 'skip'], 'passed'],
    [['pass', 'warn'], 'passed'],
    [['pass', 'fail'], 'failed'],
    [['fail', 'error'], 'failed'],
    [['pass', 'error'], 'inconclusive'],
    [['skip', 'skip'], 'inconclusive'],
    [[], 'inconclusive'],
  ] as const)('says of %j: %s', (verdicts, expected) => {
    expect(verdictOf(verdicts)).toBe(expected);
  });

  it.each([
    ['must', false, 'inconclusive'],
    ['should', false, 'passed'],
    ['should', true, 'inconclusive'],
    ['info', true, 'passed'],
  ] as const)('says of a %s for which there was no time, strict %s: %s', (level, strict, expected) => {
    const late = buildCheckResult({ level, verdict: 'skip', reason: 'slow', outOfTime: true });
    const base = buildConformanceResult([buildCheckResult(), late]);
    expect(judgeRun({ ...base, settings: { ...base.settings, strict } })).toBe(expected);
  });

  it('counts warnings when it is strict', () => {
    expect(verdictOf(['pass', 'warn'], true)).toBe('failed');
  });
});

describe('known failures', () => {
  const [first, second] = CHECKS.map(({ id }) => id) as [string, string];

  it('are read from YAML and from JSON', () => {
    const expected = { ok: true, value: [{ id: first, reason: 'issue 7' }] };
    expect(parseKnownFailing(`- id: ${first}\n  reason: issue 7\n`, CHECKS)).toEqual(expected);
    expect(parseKnownFailing(`[{"id":"${first}","reason":"issue 7"}]`, CHECKS)).toEqual(expected);
    expect(parseKnownFailing('', CHECKS)).toEqual({ ok: true, value: [] });
  });

  it.each([
    ['{"a":1}', 'not a list'],
    ['- 7', 'entry 1: not an object'],
    ['- id: nothing.at-all\n  reason: x', 'no check is called'],
    ['- reason: x', 'id is missing'],
    [`- id: ${first}`, 'has no reason'],
    [`- id: ${first}\n  reason: x\n  until: y`, 'unknown field "until"'],
    [`- id: ${first}\n  reason: x\n- id: ${first}\n  reason: y`, 'entry 2'],
    ['[', 'neither YAML nor JSON'],
  ])('refuse %j with %s', (text, problem) => {
    expect(parseKnownFailing(text, CHECKS)).toMatchObject({
      ok: false,
      problem: expect.stringContaining(problem),
    });
  });

  it('do not fail the run while they fail, and do once they pass', () => {
    const known = [{ id: first, reason: 'issue 7' }];
    const failing = [
      buildCheckResult({ id: first, verdict: 'fail', ...breach }),
      buildCheckResult({ id: second }),
    ];
    const green = applyKnownFailing(failing, known);
    expect(judgeRun(buildConformanceResult(green.results))).toBe('passed');

    const fixed = applyKnownFailing([buildCheckResult({ id: first })], known);
    expect(fixed.stale).toEqual([first]);
    expect(judgeRun(buildConformanceResult(fixed.results, { staleKnownFailing: fixed.stale }))).toBe(
      'failed',
    );
  });

  it('are not stale when their check was skipped or could not be judged', () => {
    const results = [buildCheckResult({ id: first, verdict: 'skip', reason: 'x' })];
    expect(applyKnownFailing(results, [{ id: first, reason: 'r' }]).stale).toEqual([]);
  });
});

describe('selectChecks', () => {
  const ids = (selection: Parameters<typeof selectChecks>[1]) => {
    const selected = selectChecks(CHECKS, selection);
    return selected.ok ? selected.value.map(({ id }) => id) : selected.problem;
  };

  it('takes ids, patterns and chapters', () => {
    expect(ids({ only: ['origin.null-refused'] })).toEqual(['origin.null-refused']);
    expect(ids({ only: ['origin'] })).toEqual(ids({ only: ['origin.*'] }));
    expect(ids({ only: ['*.null-*'], skip: ['origin'] })).toEqual([]);
  });

  it('says which name was meant', () => {
    expect(ids({ only: ['orign.null-refused'] })).toContain('did you mean origin.null-refused?');
    expect(ids({ skip: ['zzzzzzzzzzzzzz'] })).toContain('docs/checks.md');
    expect(findCheck(CHECKS, 'handshake.accept-kye')).toMatchObject({ ok: false });
  });

  it('takes a level and all above it', () => {
    const levels = (level: 'must' | 'should' | 'all') => {
      const selected = selectChecks(CHECKS, { level });
      return selected.ok ? [...new Set(selected.value.map((check) => check.level))].sort() : [];
    };
    expect(levels('must')).toEqual(['must']);
    expect(levels('should')).toEqual(['must', 'should']);
    expect(levels('all')).toEqual(['info', 'must', 'should']);
  });
});
