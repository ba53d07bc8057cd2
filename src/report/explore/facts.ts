// What every report on an exploration says, in the same words.
import type { ExploreFinding, ExploreResult } from '../../conformance/explore/result.ts';
import { renderDurationMillis } from '../../units/duration.ts';
import { targetWords } from '../target-words.ts';

const VERDICT_WORDS = { passed: 'PASSED', failed: 'FAILED', inconclusive: 'INCONCLUSIVE' } as const;

const REPRODUCED_WORDS = {
  fresh: 'reproduced on a fresh hub',
  living: 'reproduced on the running hub',
  again: 'seen again, but not at will',
} as const;

const SHOWN_MISSING = 12;

/** `FAILED: 2 findings in 143 programs, 20 s, seed 7`. */
export function headline({ verdict, findings, programs, durationMs, seed }: ExploreResult): string {
  const found = findings.length === 0 ? 'nothing found' : count(findings.length, 'finding');
  return `${VERDICT_WORDS[verdict]}: ${found} in ${count(programs, 'program')}, ${renderDurationMillis(durationMs)}, seed ${seed}`;
}

export function targetLine({ target, kit }: ExploreResult): string {
  return `${targetWords(target, ' adapter')}, ${kit.name} ${kit.version}`;
}

export function findingLines(finding: ExploreFinding): readonly string[] {
  return [
    `${finding.who}: ${finding.got}`,
    ...finding.also.map((line) => `also ${line}`),
    ...(finding.knownFailing === undefined ? [] : [`known failing: ${finding.knownFailing}`]),
    `${reproducedWords(finding)}; seen in ${count(finding.seen, 'program')}; id ${finding.id}`,
    `replay: ${finding.command}`,
  ];
}

/** With the rate at which its file shows it; one try is none. */
function reproducedWords({ reproduced, replays: { tries, shown }, repeat }: ExploreFinding): string {
  const rate = tries < 2 ? '' : ` ${shown} of ${tries} times`;
  const rounds = repeat === 1 ? '' : `, each in up to ${count(repeat, 'round')}`;
  return `${REPRODUCED_WORDS[reproduced]}${rate}${rounds}`;
}

export function coverageLines({ coverage }: ExploreResult): readonly string[] {
  const { values, pairs, missingValues, missingPairs } = coverage;
  const missing = missingValues.length > 0 ? missingValues : missingPairs;
  const what = missingValues.length > 0 ? 'values' : 'pairs';
  const rest =
    (missingValues.length > 0 ? missingValues.length : pairs.total - pairs.covered) - SHOWN_MISSING;
  return [
    `${values.covered} of ${values.total} values of factors, ${pairs.covered} of ${pairs.total} pairs of values (${percent(pairs.covered, pairs.total)})`,
    ...(missing.length === 0
      ? []
      : [
          `${what} not exercised: ${missing.slice(0, SHOWN_MISSING).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`,
        ]),
  ];
}

export function noticeLines({ partial, obstacle, unconfirmed }: ExploreResult): readonly string[] {
  return [
    ...(partial ? ['The run was interrupted; this is what it found until then.'] : []),
    ...(obstacle === null ? [] : [`The search ended early: ${obstacle}`]),
    ...unconfirmed.map((line) => `Seen once, not reproduced, not counted: ${line}`),
  ];
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.floor((part / whole) * 100)} %`;
}
