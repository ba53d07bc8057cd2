// Replayed fixtures as one offline page: what was reproduced first; each fixture opens to its expectations, a picture of
// who read when, and the log.
import type { ReplayReport, ReplayResult } from '../../../fixture/judge/replay-result.ts';
import { type Html, html } from '../../format/html.ts';
import { renderFilter } from '../../page/filter.ts';
import { renderPage } from '../../page/page-frame.ts';
import { urlWords } from '../../target-words.ts';
import {
  countReplays,
  REPRODUCTION_CLASS,
  REPRODUCTION_FILTER,
  REPRODUCTION_WORDS,
  REPRODUCTIONS,
  replayCounts,
  worstReplaysFirst,
} from '../facts.ts';
import { renderFixture } from './fixture.ts';
import { REPLAY_STYLE } from './style.ts';

/** Of many fixtures that were reproduced only so many are open at first. */
const MAX_OPEN = 10;

export function renderReplayHtml(report: ReplayReport): string {
  const { kit, replays } = report;
  const fixtures = worstReplaysFirst(replays).map((replay, at) =>
    renderFixture(replay, replays.length === 1 || (at < MAX_OPEN && replay.verdict !== 'not-reproduced')),
  );
  return renderPage({
    title: `Replay: ${countReplays(replays, 'reproduced')} of ${replays.length} reproduced`,
    heading: 'Replayed fixtures',
    about: `${describeTarget(replays)}, ${replays[0]?.startedAt ?? ''}, ${kit.name} ${kit.version}`,
    top: [renderOutcome(report), renderReplayFilter(replays)],
    main: html`<section id="fixtures" aria-label="Fixtures">\n${fixtures}</section>`,
    footer: 'This file needs no network; every number in it comes from replay.json.',
    styles: [REPLAY_STYLE],
    script: new URL('../../page/scripts/filter.js', import.meta.url),
  });
}

function describeTarget(replays: readonly ReplayResult[]): string {
  const adapters = [...new Set(replays.map(({ target }) => target.adapter))].join(', ');
  const urls = [...new Set(replays.map(({ target }) => urlWords(target)))];
  const where = urls.length === 1 ? urls[0] : `a fresh hub for each fixture`;
  return `${where} (${adapters} adapter)`;
}

function renderOutcome(report: ReplayReport): Html {
  const worst = REPRODUCTIONS.find((verdict) => countReplays(report.replays, verdict) > 0) ?? 'inconclusive';
  return html`<div class="card outcome ${REPRODUCTION_CLASS[worst]}"><strong>${REPRODUCTION_WORDS[worst].toUpperCase()}</strong><span>${replayCounts(report)}</span></div>\n`;
}

function renderReplayFilter(replays: readonly ReplayResult[]): Html {
  return renderFilter({
    what: 'fixtures, expectations, log',
    verdicts: REPRODUCTIONS.map((verdict) => ({
      verdict: REPRODUCTION_CLASS[verdict],
      value: REPRODUCTION_FILTER[verdict],
      label: REPRODUCTION_WORDS[verdict],
      count: countReplays(replays, verdict),
    })),
    canOpen: true,
  });
}
