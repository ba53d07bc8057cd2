// A replayed fixture on a terminal: the answer, every expectation, and what happened when.

import type { ReplayResult } from '../../fixture/judge/replay-result.ts';
import type { LogEntry } from '../../fixture/run/fixture-run.ts';
import { renderDurationMillis } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { renderBytes } from '../../units/size.ts';
import { urlWords } from '../target-words.ts';
import { replayAnatomyLines } from './anatomy.ts';
import { otherFailureReason, REPRODUCTION_WORDS, worstOutcomesFirst } from './facts.ts';

const MARKS = { passed: 'ok  ', failed: 'FAIL', inconclusive: '?   ' } as const;
const LOGGED_LINES = 40;

export function renderReplayTerminal(result: ReplayResult): string {
  const reason = otherFailureReason(result);
  return [
    `${REPRODUCTION_WORDS[result.verdict].toUpperCase()}  ${result.fixture}: ${result.bug}`,
    ...(reason === undefined ? [] : [`  ${reason}`]),
    ...result.obstacles.map((obstacle) => `  cannot be judged: ${obstacle}`),
    '',
    ...worstOutcomesFirst(result.outcomes).map(
      ({ of, claim, verdict, got }) =>
        `  ${MARKS[verdict]} ${of} ${claim}${got === '' ? '' : `\n         ${got}`}`,
    ),
    '',
    ...renderTimeline(result.log),
    '',
    ...replayAnatomyLines(result).flatMap((line) => [`  ${line}`]),
    `  ${renderCount(result.publishedEvents)} events, ${renderBytes(result.publishedBytes)}, to ${result.sessions.length} connections in ${renderDurationMillis(result.durationMs)} (${urlWords(result.target)})`,
  ].join('\n');
}

/** The same thing said of many clients of a group in a row is one line. */
function renderTimeline(log: readonly LogEntry[]): string[] {
  const lines: { atMillis: number; who: string; what: string; count: number }[] = [];
  for (const { atMillis, who, what } of log) {
    const last = lines.at(-1);
    if (last && last.what === what && groupOf(last.who) === groupOf(who)) last.count++;
    else lines.push({ atMillis, who, what, count: 1 });
  }
  const shown = lines.slice(0, LOGGED_LINES).map(({ atMillis, who, what, count }) => {
    const name = count === 1 ? who : `${count} ${groupOf(who)}`;
    return `  ${renderDurationMillis(Math.round(atMillis)).padStart(9)}  ${name.padEnd(14)} ${what}`;
  });
  const rest = lines.length - shown.length;
  return rest > 0 ? [...shown, `             ... and ${rest} more lines in replay.json`] : shown;
}

/** `frozen 12` is of the group `frozen`. */
const groupOf = (who: string): string => who.replace(/ \d+$/, '');

/** One fixture of several as a line; names are padded to `nameWidth`. */
export function renderReplayLine(result: ReplayResult, nameWidth: number): string {
  const { fixture, verdict, outcomes, obstacles, durationMs } = result;
  return `${REPRODUCTION_WORDS[verdict].padEnd(14)}  ${fixture.padEnd(nameWidth)}  ${renderDurationMillis(durationMs).padStart(7)}  ${firstTrouble(outcomes, obstacles)}`.trimEnd();
}

/** What failed first, else what is inconclusive; empty when everything passed. */
function firstTrouble(outcomes: ReplayResult['outcomes'], obstacles: readonly string[]): string {
  const [worst] = worstOutcomesFirst(outcomes);
  if (worst === undefined || worst.verdict === 'passed') return obstacles[0] ?? '';
  return `${worst.verdict}: ${worst.of} ${worst.claim}; got: ${worst.got}`;
}
