// loadtest.html: one or several load tests as one file that needs nothing else. Whatever came from a run is escaped,
// also inside the data for the script.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { LoadtestResult } from '../../../load/result/result.ts';
import { escapeXml } from '../../format/xml-text.ts';
import type { PageData } from '../charts/chart.ts';
import { foldPageData } from '../charts/charts.ts';
import { renderFigures } from '../charts/figures.ts';
import { VERDICT_SENTENCES } from '../facts.ts';
import { renderComparison } from './comparison.ts';
import { renderEvictions } from './evictions.ts';
import type { NamedRun } from './named-run.ts';
import { renderCohorts, renderEnvironment, renderGenerator, renderHub, renderIsolation } from './sections.ts';
import { LOADTEST_STYLE } from './style.ts';
import { renderFindings, renderThresholds, renderTiles, renderVerdict } from './verdict.ts';

const RUN_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** One page for one run; for several, a page that compares them: the first is what the others are compared with. */
export function renderLoadtestHtml(results: readonly LoadtestResult[]): string {
  const [first] = results;
  if (!first) throw new RangeError('a page needs a result');
  const runs = results.map((result, at) => ({
    name: results.length === 1 ? '' : (RUN_LETTERS[at] ?? String(at + 1)),
    result,
  }));
  const data = foldPageData(runs);
  const { verdict, target, startedAt } = first;
  return results.length === 1
    ? pageOf(
        `Load test: ${VERDICT_SENTENCES[verdict]}`,
        data,
        'Load test',
        `${target.url} (${target.adapter}), ${startedAt}`,
        oneRun(first, data),
      )
    : pageOf(
        `Load tests compared: ${results.length} runs`,
        data,
        'Load tests compared',
        `${results.length} runs`,
        severalRuns(runs, data),
      );
}

function oneRun(result: LoadtestResult, data: PageData): string[] {
  return [
    renderVerdict(result),
    renderTiles(result),
    renderThresholds(result),
    renderFindings(result),
    renderFigures(data),
    renderCohorts(result),
    renderEvictions(result),
    renderIsolation(result),
    renderGenerator(result),
    renderHub(result),
    renderEnvironment(result, 'command'),
  ];
}

function severalRuns(runs: readonly NamedRun[], data: PageData): string[] {
  return [renderComparison(runs), renderFigures(data)];
}

function pageOf(
  title: string,
  data: PageData,
  heading: string,
  about: string,
  parts: readonly string[],
): string {
  const body = parts.filter((part) => part !== '').join('\n');
  const links = [...body.matchAll(/<section id="([\w-]+)" aria-labelledby="[\w-]+"><h2[^>]*>([^<]+)</g)].map(
    ([, id, name]) => `<li><a href="#${id}">${name}</a></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escapeXml(title)}</title>
<style>${readPackageFile('uplot/dist/uPlot.min.css')}${LOADTEST_STYLE}</style>
</head>
<body>
<header><h1>${escapeXml(heading)}</h1><div class="quiet">${escapeXml(about)}</div></header>
<nav aria-label="Sections"><ul>${links.join('')}</ul></nav>
<main>
${body}
</main>
<footer class="quiet">Latency counts from when an event was due. This file needs no network; every number in it comes from loadtest.json.</footer>
<script type="application/json" id="page-data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script>${readPackageFile('uplot/dist/uPlot.iife.min.js')}</script>
<script type="module">${readFileSync(new URL('./page-script.js', import.meta.url), 'utf8')}</script>
</body>
</html>
`;
}

function readPackageFile(specifier: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(specifier), 'utf8');
}
