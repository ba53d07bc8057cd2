// One replayed fixture of replay.html: a line that opens to every expectation, the picture, the anatomy of its evictions
// and the log.
import type { ReplayResult } from '../../../fixture/judge/replay-result.ts';
import { renderDurationMillis } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import { renderBytes } from '../../../units/size.ts';
import { anatomyTable } from '../../anatomy/anatomy-table.ts';
import { describeAnatomy } from '../../anatomy/describe-anatomy.ts';
import type { TypicalEviction } from '../../anatomy/evicted-client.ts';
import { type Html, html, NOTHING } from '../../format/html.ts';
import { renderBar, renderScroll, renderTable } from '../../page/sections.ts';
import { urlWords } from '../../target-words.ts';
import { evictedClients, typicalReplayEvictions } from '../anatomy.ts';
import {
  otherFailureReason,
  REPRODUCTION_CLASS,
  REPRODUCTION_FILTER,
  REPRODUCTION_WORDS,
  worstOutcomesFirst,
} from '../facts.ts';
import { renderPicture } from './picture.ts';

const LOGGED_LINES = 500;
const OUTCOME_CLASS = { passed: 'pass', failed: 'fail', inconclusive: 'warn' } as const;

export function renderFixture(result: ReplayResult, isOpen: boolean): Html {
  const { fixture, bug, verdict, obstacles, durationMs } = result;
  const kind = REPRODUCTION_CLASS[verdict];
  const reason = otherFailureReason(result);
  return html`<details class="item" id="fixture-${fixture}" data-verdict="${REPRODUCTION_FILTER[verdict]}"${isOpen && html` open`}>
<summary><span class="verdict ${kind}">${REPRODUCTION_WORDS[verdict]}</span><span class="name">${bug} <code>${fixture}</code></span><span class="quiet">${renderDurationMillis(durationMs)}</span></summary>
${reason !== undefined && html`<p class="warn">${reason}</p>`}
${obstacles.map((obstacle) => html`<p class="warn">Cannot be judged: ${obstacle}</p>`)}
${renderOutcomes(result)}
${renderPicture(result)}
${renderAnatomy(result)}
<p class="quiet">${describeRun(result)}</p>
${renderLog(result)}
</details>
`;
}

function renderOutcomes({ outcomes }: ReplayResult): Html {
  const rows = worstOutcomesFirst(outcomes).map(
    ({ verdict, of, claim, got }) =>
      html`<tr class="${verdict}"><td class="verdict ${OUTCOME_CLASS[verdict]}">${verdict}</td><td>${of} ${claim}${got !== '' && html`<br><em>${got}</em>`}</td></tr>`,
  );
  return renderScroll(
    'Expectations',
    html`<table class="text"><thead><tr><th scope="col">verdict</th><th scope="col">expectation</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function describeRun(result: ReplayResult): string {
  const { publishedEvents, publishedBytes, sessions, durationMs, slowestAcceptMillis, target, startedAt } =
    result;
  return `${renderCount(publishedEvents)} events, ${renderBytes(publishedBytes)}, to ${sessions.length} connections in ${renderDurationMillis(durationMs)}; the slowest event was accepted after ${renderDurationMillis(slowestAcceptMillis)}; ${urlWords(target)}, ${startedAt}`;
}

function renderAnatomy(result: ReplayResult): Html {
  const clients = evictedClients(result);
  if (clients.length === 0) return NOTHING;
  const { title, ...rows } = anatomyTable(clients);
  return html`<h3>Anatomy of the eviction</h3>
${typicalReplayEvictions(result).map(renderTypical)}
<details><summary>${title} (all are in replay.json)</summary>${renderTable('Evicted clients one by one', rows)}</details>`;
}

/** The story in words, and a bar of where its messages were. */
function renderTypical(eviction: TypicalEviction): Html {
  const { story, messages } = describeAnatomy(eviction);
  return html`<p>${eviction.who}: ${story}; it saw ${eviction.how}</p>${renderBar(messages)}`;
}

function renderLog({ log }: ReplayResult): Html {
  const rows = log
    .slice(0, LOGGED_LINES)
    .map(({ atMillis, who, what }) => [renderDurationMillis(atMillis), who, what]);
  const more =
    log.length > LOGGED_LINES && html`<p>and ${log.length - LOGGED_LINES} more lines in replay.json</p>`;
  const table = renderTable(
    'Log',
    { head: ['time', 'who', 'what'], rows },
    { isText: true, cellClass: (_, column) => (column === 0 ? 'time' : '') },
  );
  return html`<details><summary>Log, ${log.length} lines</summary>${table}${more}</details>`;
}
