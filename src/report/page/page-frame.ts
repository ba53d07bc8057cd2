// The frame of every page: one file that needs nothing else, under a policy that lets only its own scripts run.
import { createHash } from 'node:crypto';
import { type Html, type HtmlValue, html, NOTHING, scriptData, trustedHtml } from '../format/html.ts';
import { BASE_STYLE } from './base-style.ts';
import { inlineModules, readPackageFile } from './inline-script.ts';
import { PALETTE } from './palette.ts';
import { type PageSection, renderNavigation } from './sections.ts';

export interface PageContent {
  /** Of the window. */
  readonly title: string;
  readonly heading: string;
  /** Beside the heading: target, date. */
  readonly about: HtmlValue;
  /** Between the heading and the main part: the verdict, the filter. */
  readonly top?: HtmlValue;
  readonly main: HtmlValue;
  /** Names the sections of the main part in a bar of links. */
  readonly sections?: readonly PageSection[];
  readonly footer: HtmlValue;
  /** Beyond the styles that all pages share. */
  readonly styles?: readonly string[];
  readonly script: URL;
  /** The page draws charts: uPlot comes with it. */
  readonly hasCharts?: boolean;
  /** What the script reads from #page-data. */
  readonly data?: unknown;
  /** The page may connect to where it came from. */
  readonly isLive?: boolean;
}

export function renderPage(content: PageContent): string {
  const { title, heading, about, top, main, sections = [], footer, styles = [], hasCharts = false } = content;
  const scripts = [
    ...(hasCharts
      ? [{ type: 'text/javascript', text: readPackageFile('uplot/dist/uPlot.iife.min.js') }]
      : []),
    { type: 'module', text: inlineModules(content.script) },
  ];
  const css = [
    PALETTE,
    ...(hasCharts ? [readPackageFile('uplot/dist/uPlot.min.css')] : []),
    BASE_STYLE,
    ...styles,
  ];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policyOf(scripts, content.isLive)}">
${hasCharts && html`<link rel="icon" href="data:,">`}
<title>${title}</title>
<style>${trustedHtml(css.join('\n'))}</style>
</head>
<body>
<div class="page">
<header><h1>${heading}</h1><div class="quiet">${about}</div></header>
${sections.length > 0 && renderNavigation(sections)}
${top}
<main>
${main}
</main>
<footer class="quiet">${footer}</footer>
</div>
${content.data === undefined ? NOTHING : renderData(content.data)}${scripts.map(
  ({ type, text }) => html`<script type="${type}">${trustedHtml(text)}</script>\n`,
)}</body>
</html>
`.toString();
}

function renderData(data: unknown): Html {
  return html`<script type="application/json" id="page-data">${scriptData(data)}</script>\n`;
}

/** Scripts run by the hash of their text: one that got in by mistake does not run. Styles set widths and colors inline. */
function policyOf(scripts: readonly { readonly text: string }[], isLive = false): string {
  const hashes = scripts.map(({ text }) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src ${hashes.join(' ')}`,
    'img-src data:',
    ...(isLive ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
