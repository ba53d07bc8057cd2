// What every report on replayed fixtures says: the words for outcomes, what is counted, and the worst first.
import type { Outcome, Reproduction } from '../../fixture/judge/outcome.ts';
import type { ReplayReport, ReplayResult } from '../../fixture/judge/replay-result.ts';

/** The worst first. */
export const REPRODUCTIONS: readonly Reproduction[] = [
  'reproduced',
  'other-failure',
  'inconclusive',
  'not-reproduced',
];

export const REPRODUCTION_WORDS: Readonly<Record<Reproduction, string>> = {
  reproduced: 'reproduced',
  'other-failure': 'other failure',
  'not-reproduced': 'not reproduced',
  inconclusive: 'inconclusive',
};

/** The colors of verdicts in pages. */
export const REPRODUCTION_CLASS: Readonly<Record<Reproduction, 'fail' | 'warn' | 'pass'>> = {
  reproduced: 'fail',
  'other-failure': 'fail',
  inconclusive: 'warn',
  'not-reproduced': 'pass',
};

/** What the filter of the page shows and hides; both kinds of failure have the same color. */
export const REPRODUCTION_FILTER: Readonly<Record<Reproduction, string>> = {
  ...REPRODUCTION_CLASS,
  'other-failure': 'other-failure',
};

const OUTCOMES: readonly Outcome['verdict'][] = ['failed', 'inconclusive', 'passed'];

export function countReplays(replays: readonly ReplayResult[], wanted: Reproduction): number {
  return replays.filter(({ verdict }) => verdict === wanted).length;
}

/** `3 fixtures: 1 not reproduced, 1 reproduced, 1 inconclusive`. `planned`: how many there would have been without an interruption. */
export function replayCounts({ replays }: ReplayReport, planned = replays.length): string {
  const others = countReplays(replays, 'other-failure');
  const words = [
    ...(['not-reproduced', 'reproduced', 'inconclusive'] as const).map(
      (verdict) => `${countReplays(replays, verdict)} ${REPRODUCTION_WORDS[verdict]}`,
    ),
    ...(others === 0 ? [] : [`${others} failed for another reason`]),
  ];
  const total = replays.length < planned ? `${replays.length} of ${planned}` : String(replays.length);
  return `${total} ${planned === 1 ? 'fixture' : 'fixtures'}: ${words.join(', ')}`;
}

export function worstReplaysFirst(replays: readonly ReplayResult[]): ReplayResult[] {
  return REPRODUCTIONS.flatMap((wanted) => replays.filter(({ verdict }) => verdict === wanted));
}

export function worstOutcomesFirst(outcomes: readonly Outcome[]): Outcome[] {
  const decisiveFirst = [...outcomes].sort((a, b) => Number(b.isDecisive) - Number(a.isDecisive));
  return OUTCOMES.flatMap((wanted) =>
    (wanted === 'failed' ? decisiveFirst : outcomes).filter(({ verdict }) => verdict === wanted),
  );
}

/** Why a fixture failed that did not show its bug; undefined for every other verdict. */
export function otherFailureReason({ verdict, outcomes }: ReplayResult): string | undefined {
  const [first] = worstOutcomesFirst(outcomes);
  if (verdict !== 'other-failure' || first === undefined) return undefined;
  return `The hub did not show this bug; the fixture failed for another reason: ${first.of} ${first.claim}; got: ${first.got}`;
}
