// What every report on replayed fixtures says: the words for outcomes, what is counted, and the worst first.
import type { Outcome, Reproduction } from '../../fixture/judge/outcome.ts';
import type { ReplayReport, ReplayResult } from '../../fixture/judge/replay-result.ts';

/** The worst first. */
export const REPRODUCTIONS: readonly Reproduction[] = ['reproduced', 'inconclusive', 'not-reproduced'];

export const REPRODUCTION_WORDS: Readonly<Record<Reproduction, string>> = {
  reproduced: 'reproduced',
  'not-reproduced': 'not reproduced',
  inconclusive: 'inconclusive',
};

/** The colors of verdicts in pages. */
export const REPRODUCTION_CLASS: Readonly<Record<Reproduction, 'fail' | 'warn' | 'pass'>> = {
  reproduced: 'fail',
  inconclusive: 'warn',
  'not-reproduced': 'pass',
};

const OUTCOMES: readonly Outcome['verdict'][] = ['failed', 'inconclusive', 'passed'];

export function countReplays(replays: readonly ReplayResult[], wanted: Reproduction): number {
  return replays.filter(({ verdict }) => verdict === wanted).length;
}

/** `3 fixtures: 1 not reproduced, 1 reproduced, 1 inconclusive`. `planned`: how many there would have been without an interruption. */
export function replayCounts({ replays }: ReplayReport, planned = replays.length): string {
  const words = (['not-reproduced', 'reproduced', 'inconclusive'] as const).map(
    (verdict) => `${countReplays(replays, verdict)} ${REPRODUCTION_WORDS[verdict]}`,
  );
  const total = replays.length < planned ? `${replays.length} of ${planned}` : String(replays.length);
  return `${total} ${planned === 1 ? 'fixture' : 'fixtures'}: ${words.join(', ')}`;
}

export function worstReplaysFirst(replays: readonly ReplayResult[]): ReplayResult[] {
  return REPRODUCTIONS.flatMap((wanted) => replays.filter(({ verdict }) => verdict === wanted));
}

export function worstOutcomesFirst(outcomes: readonly Outcome[]): Outcome[] {
  return OUTCOMES.flatMap((wanted) => outcomes.filter(({ verdict }) => verdict === wanted));
}
