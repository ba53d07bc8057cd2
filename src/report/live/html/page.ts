// The page of `--ui`: the live view in a browser. Complete in itself like loadtest.html, but for the WebSocket to the
// program that serves it; its script only puts in place what live-message.ts says.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { escapeXml } from '../../format/xml-text.ts';
import { section, table } from '../../loadtest/html/parts.ts';
import { LOADTEST_STYLE } from '../../loadtest/html/style.ts';
import { cohortRowsLive } from '../live-facts.ts';
import { liveMessage } from '../live-message.ts';
import type { LiveState } from '../live-run.ts';
import { LIVE_STYLE } from './style.ts';

/** What the page may do: its own inline parts, and a WebSocket to where it came from. */
export const LIVE_PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const CHARTS = [
  ['rate', 'Deliveries per second', ['delivered/s']],
  ['latency', 'Latency by second', ['p50', 'p99']],
  ['clients', 'Clients', ['connected', 'evicted']],
] as const;

export function renderLivePage(state: LiveState): string {
  const { phases, figures } = liveMessage(state, 0);
  const steps = phases.map(
    ({ name }) =>
      `<li><span class="name">${escapeXml(name)}</span><div class="track" role="progressbar" aria-label="${escapeXml(name)}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="0"><div></div></div><span class="words"></span></li>`,
  );
  const tiles = figures.map(
    ({ name, value }) => `<div><dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd></div>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Load test running</title>
<style>${readPackageFile('uplot/dist/uPlot.min.css')}${LOADTEST_STYLE}${LIVE_STYLE}</style>
</head>
<body>
<header><h1>Load test running</h1><div class="quiet address">${escapeXml(state.title)}</div></header>
<main>
<section class="now" aria-label="State"><strong id="elapsed">0:00</strong> <span id="status" role="status">connecting to the program</span></section>
<dl class="tiles" id="figures">${tiles.join('')}</dl>
${section('phases', 'Phases', `<ol class="phases">${steps.join('')}</ol>`)}
<div class="charts" id="charts">${CHARTS.map(renderChart).join('')}</div>
${section('cohorts', 'Cohorts', table('Cohorts', cohortRowsLive(state)))}
</main>
<footer class="quiet">Latency counts from when an event was due, of measured events to the last whole second. This page becomes the report when the run ends.</footer>
<script>${readPackageFile('uplot/dist/uPlot.iife.min.js')}</script>
<script type="module">${readFileSync(new URL('./page-script.js', import.meta.url), 'utf8')}</script>
</body>
</html>
`;
}

function renderChart([id, title, series]: (typeof CHARTS)[number]): string {
  const legend = series.map(
    (label, at) =>
      `<li><span class="swatch" style="border-color: var(--series-${at})"></span>${escapeXml(label)} <output></output></li>`,
  );
  return `<figure id="chart-${id}"><figcaption><h3>${escapeXml(title)}</h3></figcaption>
<div class="plot" role="img" aria-label="${escapeXml(`Chart: ${title}, the last hour; the latest values stand below.`)}"></div>
<ul class="legend">${legend.join('')}</ul></figure>`;
}

function readPackageFile(specifier: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(specifier), 'utf8');
}
