// The page of `--ui`: the live view in a browser. Complete in itself like loadtest.html, but for the WebSocket to the
// program that serves it; its script only shows what live-message.ts says.
import { type Html, html } from '../../format/html.ts';
import { LOADTEST_STYLE } from '../../loadtest/html/style.ts';
import { renderTileList } from '../../loadtest/html/verdict.ts';
import { renderPage } from '../../page/page-frame.ts';
import { renderSection, renderTable } from '../../page/sections.ts';
import { agentRowsLive } from '../live-agents.ts';
import { cohortRowsLive } from '../live-facts.ts';
import { type LiveMessage, liveMessage } from '../live-message.ts';
import type { LiveState } from '../live-run.ts';
import { LIVE_STYLE } from './style.ts';

/** What the server of the page allows in its header; the page itself allows only scripts that it has the hash of. */
export const LIVE_PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const CHARTS = [
  ['rate', 'Deliveries per second', ['delivered/s']],
  ['latency', 'Latency by second', ['p50', 'p99']],
  ['clients', 'Clients', ['connected', 'evicted']],
] as const;

export function renderLivePage(state: LiveState): string {
  const { phases, figures } = liveMessage(state, 0);
  return renderPage({
    title: 'Load test running',
    heading: 'Load test running',
    about: state.title,
    main: html`<section class="card now" aria-label="State"><strong id="elapsed">0:00</strong> <span id="status" role="status">connecting to the program</span> <span id="fault" role="status"></span></section>
${renderTileList(figures)}
${renderSection({ id: 'phases', title: 'Phases', content: html`<ol class="phases">${phases.map(renderPhase)}</ol>` })}
<div class="charts" id="charts">${CHARTS.map(renderChart)}</div>
${renderSection({ id: 'cohorts', title: 'Cohorts', content: renderTable('Cohorts', cohortRowsLive(state)) })}
${state.agents.length > 0 && renderSection({ id: 'agents', title: 'Agents', content: renderTable('Agents', agentRowsLive(state)) })}`,
    footer:
      'Latency counts from when an event was due, for measured events up to the last whole second. This page becomes the report when the run ends.',
    styles: [LOADTEST_STYLE, LIVE_STYLE],
    script: new URL('./scripts/page.js', import.meta.url),
    hasCharts: true,
    isLive: true,
  });
}

function renderPhase({ name }: (LiveMessage & { kind: 'state' })['phases'][number]): Html {
  return html`<li><span class="name">${name}</span><div class="track" role="progressbar" aria-label="${name}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="0"><div></div></div><span class="words"></span></li>`;
}

function renderChart([id, title, series]: (typeof CHARTS)[number]): Html {
  const legend = series.map(
    (label, at) =>
      html`<li><span class="swatch" style="border-color: var(--series-${at})"></span>${label} <output></output></li>`,
  );
  return html`<figure id="chart-${id}"><figcaption><h3>${title}</h3></figcaption>
<div class="plot" role="img" aria-label="Chart: ${title}, the last hour; the latest values are below."></div>
<ul class="legend">${legend}</ul></figure>`;
}
