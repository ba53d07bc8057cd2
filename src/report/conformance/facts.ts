// What every report on a conformance run says, in the same words: the verdict, the order, one check as lines.

import { foldCauses } from '../../conformance/causes/fold-causes.ts';
import type { Verdict } from '../../conformance/finding.ts';
import type { CheckResult, ConformanceResult } from '../../conformance/result.ts';
import type { WireEntry } from '../../session/wire-log.ts';
import { renderDurationMillis } from '../../units/duration.ts';
import { targetWords } from '../target-words.ts';

/** The worst first: what a reader came for. */
export const VERDICT_ORDER: readonly Verdict[] = ['fail', 'error', 'warn', 'skip', 'pass'];

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  fail: 'FAIL',
  error: 'ERROR',
  warn: 'warn',
  skip: 'skip',
  pass: 'pass',
};

export function withVerdict(
  result: ConformanceResult,
  ...verdicts: readonly Verdict[]
): readonly CheckResult[] {
  return VERDICT_ORDER.filter((verdict) => verdicts.includes(verdict)).flatMap((verdict) =>
    result.checks.filter((check) => check.verdict === verdict),
  );
}

/** `61 checks: 58 pass, 1 fail (known), 2 skip, in 31 s`. */
export function countsLine({ checks, summary, durationMs }: ConformanceResult): string {
  const known = checks.filter(
    ({ verdict, knownFailing }) => verdict === 'fail' && knownFailing !== undefined,
  ).length;
  const counts = VERDICT_ORDER.filter((verdict) => summary[verdict] > 0).map((verdict) => {
    const note = verdict === 'fail' && known > 0 ? ` (${known} known)` : '';
    return `${summary[verdict]} ${verdict}${note}`;
  });
  return `${checks.length} ${checks.length === 1 ? 'check' : 'checks'}: ${counts.join(', ') || 'none'}, in ${renderDurationMillis(durationMs)}`;
}

export function targetLine({ target, kit, seed }: ConformanceResult): string {
  return `${targetWords(target, ' adapter')}, ${kit.name} ${kit.version}, seed ${seed}`;
}

/** Failures that are too few to fold are not repeated as causes. */
const LEAST_FAILURES = 2;

/** `The hub accepts foreign origins: any website can listen (origin.foreign-refused, and 12 more checks)`. */
export function causeLines({ checks }: ConformanceResult): readonly string[] {
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  if (failed.length < LEAST_FAILURES) return [];
  return foldCauses(checks).map(({ sentence, decisive, follows }) => {
    const more =
      follows.length === 0 ? '' : `, and ${follows.length} more ${follows.length === 1 ? 'check' : 'checks'}`;
    return `${sentence} (${decisive}${more})`;
  });
}

/** What the reader must know beside the checks. */
export function noticeLines({
  checks,
  partial,
  staleKnownFailing,
  settings,
}: ConformanceResult): readonly string[] {
  const late = checks.filter(({ outOfTime }) => outOfTime);
  const within = renderDurationMillis(settings.timeLimitMillis ?? 0);
  return [
    ...(late.length > 0
      ? [
          `${late.length} of ${checks.length} checks were not judged: there was no time for them in the ${within} of a run, because the hub is slow or the machine busy. --time gives it more.`,
        ]
      : []),
    ...(partial ? ['The run was interrupted: checks that are missing were not judged.'] : []),
    ...staleKnownFailing.map(
      (id) => `${id} is listed as known failing, but passes: remove it from the list.`,
    ),
    ...(settings.strict ? ['Warnings count as failures (--strict).'] : []),
  ];
}

/** Why the verdict is what it is, by name; empty for a pass without words. */
export function reasonPairs(check: CheckResult): readonly (readonly [name: string, text: string])[] {
  const { expected, got, reason, knownFailing } = check;
  return [
    ...(expected === undefined ? [] : [['expected', expected] as const]),
    ...(got === undefined ? [] : [['got', got] as const]),
    ...(reason === undefined ? [] : [['reason', reason] as const]),
    ...(knownFailing === undefined ? [] : [['known', knownFailing] as const]),
  ];
}

/** The same as lines; a reason needs no name. */
export function reasonLines(check: CheckResult): readonly string[] {
  return reasonPairs(check).map(([name, text]) => (name === 'reason' ? text : `${name.padEnd(10)}${text}`));
}

export function rerunCommand({ command }: ConformanceResult, { id }: CheckResult): string {
  return `${command} --only ${id}`;
}

export function wireLine(entry: WireEntry): string {
  const arrow = { in: '<-', out: '->', kit: '--' }[entry.direction];
  return `${entry.atMillis.toFixed(1).padStart(9)} ms  ${entry.client} ${arrow} ${entry.what}`;
}
