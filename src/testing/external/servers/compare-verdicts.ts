// What a server did against what was reviewed: every difference, in either direction, is a sentence.
import type { CheckResult } from '../../../conformance/result.ts';
import type { LoadtestResult } from '../../../load/result/result.ts';
import type { Expected, ExpectedLoad, ExpectedVerdict } from './expected.ts';

type Judged = Pick<CheckResult, 'id' | 'verdict' | 'expected' | 'got' | 'reason'>;
type Loaded = Pick<LoadtestResult, 'verdict' | 'findings' | 'thresholds'>;

const PASSES: ExpectedVerdict = { verdict: 'pass', why: '' };

export function compareChecks(
  checks: readonly Judged[],
  expected: Expected['checks'],
  anywhere: Expected['anywhere'] = {},
): string[] {
  return checks.flatMap(({ id, verdict, reason, ...check }) => {
    const wanted = expected[id] ?? PASSES;
    if (isWanted(verdict, wanted)) return [];
    if (verdict === 'warn' && wanted.verdict !== 'fail' && anywhere[check.expected ?? ''] !== undefined)
      return [];
    const details = reason ?? (check.got === undefined ? '' : `expected ${check.expected}, got ${check.got}`);
    return [`${id}: ${verdict}, not ${wanted.verdict}${details === '' ? '' : `: ${details}`}`];
  });
}

const isWanted = (verdict: string, { verdict: wanted, or = [] }: ExpectedVerdict): boolean =>
  verdict === wanted || or.includes(verdict);

export function compareLoad(loaded: Loaded, expected: ExpectedLoad): string[] {
  const problems = problemsOf(loaded);
  return [
    ...(loaded.verdict === expected.verdict ? [] : [`load test: ${loaded.verdict}, not ${expected.verdict}`]),
    ...[...problems]
      .filter(([name]) => expected.problems[name] === undefined && expected.possible?.[name] === undefined)
      .map(([name, message]) => `load test: ${name}: ${message}`),
    ...Object.keys(expected.problems)
      .filter((name) => !problems.has(name))
      .map((name) => `load test: no ${name}`),
  ];
}

/** The verdicts of a full run, with the reasons that were reviewed; one that is new or changed has none. */
export function rewriteChecks(checks: readonly Judged[], before: Expected['checks']): Expected['checks'] {
  const entries = checks.flatMap(({ id, verdict }): [string, ExpectedVerdict][] => {
    const known = before[id] ?? PASSES;
    if (isWanted(verdict, known)) return known === PASSES ? [] : [[id, known]];
    return verdict === 'pass' ? [] : [[id, { verdict, why: '' }]];
  });
  return Object.fromEntries(entries);
}

export function rewriteLoad(loaded: Loaded, before: ExpectedLoad): ExpectedLoad {
  const { possible } = before;
  const names = [...problemsOf(loaded).keys()].filter((name) => possible?.[name] === undefined).sort();
  return {
    verdict: loaded.verdict,
    problems: Object.fromEntries(names.map((name) => [name, before.problems[name] ?? ''])),
    ...(possible === undefined ? {} : { possible }),
  };
}

/** Findings, and thresholds that were breached, by name. */
function problemsOf({ findings, thresholds }: Loaded): ReadonlyMap<string, string> {
  return new Map([
    ...findings.map(({ name, message }): [string, string] => [name, message]),
    ...thresholds
      .filter(({ ok, isDecided }) => !ok && isDecided)
      .map(({ expr, rendered }): [string, string] => [`threshold ${expr}`, rendered]),
  ]);
}
