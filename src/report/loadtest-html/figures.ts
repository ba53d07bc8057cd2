// The charts as figures: title, words for those who do not see them, and a legend of buttons. The script draws into them.
import { escapeXml } from '../xml-text.ts';
import type { Chart } from './chart.ts';

const WIDE = new Set(['spectrum', 'latency']);

export function renderFigures(charts: readonly Chart[]): string {
  return `<div class="charts" id="charts">\n${charts.map(renderFigure).join('\n')}\n</div>`;
}

function renderFigure({ id, title, about, kind, series }: Chart): string {
  const legend = series.map(
    ({ label, key, colour, isDashed }) =>
      `<li><button type="button" aria-pressed="true" data-key="${escapeXml(key)}"><span class="swatch${isDashed ? ' dashed' : ''}" style="border-color: var(--series-${colour})"></span>${escapeXml(label)} <output></output></button></li>`,
  );
  const keys = 'Drag to zoom; with the keyboard: arrows, plus, minus, escape.';
  const wide = WIDE.has(id) ? ' class="wide"' : '';
  return `<figure id="chart-${id}"${wide}>
<figcaption><h3>${escapeXml(title)}</h3><span class="at"></span><button type="button" class="reset" aria-label="Reset zoom: ${escapeXml(title)}">reset zoom</button></figcaption>
<p>${escapeXml(about)}</p>
<div class="plot" tabindex="0" role="img" aria-label="${escapeXml(`Chart: ${title}. ${about} ${keys}`)}" data-kind="${kind}"></div>
<ul class="legend">${legend.join('')}</ul>
</figure>`;
}
