// The charts as figures: title, words for those who do not see them, and a legend of buttons. The script draws into them.
import { groupBy } from '../../format/group-by.ts';
import { escapeXml } from '../../format/xml-text.ts';
import type { Chart, PageData, Series } from './chart.ts';

const WIDE = new Set(['spectrum', 'latency']);

export function renderFigures(data: PageData): string {
  const { charts } = data;
  const firstOverTime = charts.findIndex(({ kind }) => kind === 'time');
  const figures = charts.map((chart, at) =>
    at === firstOverTime ? `${renderMarkKey(data)}${renderFigure(chart)}` : renderFigure(chart),
  );
  return `<section id="charts" aria-labelledby="charts-title"><h2 id="charts-title">Charts</h2>\n<div class="charts">\n${figures.join('\n')}\n</div></section>`;
}

/** What stands on the axis of every chart over time; only what there is. */
function renderMarkKey({ marks, evictions }: PageData): string {
  const has = (kind: string) => marks.some((mark) => mark.kind === kind);
  const entries: readonly (readonly [name: string, text: string, isThere: boolean])[] = [
    ['phase', 'a phase of the run begins', has('phase')],
    ['event', 'an event of the scenario that is rare in it', has('event')],
    ['restart', 'the hub restarted', has('restart')],
    ['evictions', 'evictions in that second', evictions.seconds.length > 0],
  ];
  const shown = entries.filter(([, , isThere]) => isThere);
  if (shown.length === 0) return '';
  const items = shown.map(([name, text]) => `<li><i class="mark-${name}"></i>${text}</li>`);
  return `<ul class="key wide" aria-label="Marks in the charts over time">${items.join('')}</ul>\n`;
}

function renderFigure({ id, title, about, kind, series }: Chart): string {
  const keys = 'Drag to zoom; with the keyboard: arrows, plus, minus, escape.';
  const wide = WIDE.has(id) ? ' class="wide"' : '';
  return `<figure id="chart-${id}"${wide}>
<figcaption><h3>${escapeXml(title)}</h3><span class="at"></span><button type="button" class="reset" aria-label="Reset zoom: ${escapeXml(title)}">reset zoom</button></figcaption>
<p>${escapeXml(about)}</p>
<div class="plot" tabindex="0" role="img" aria-label="${escapeXml(`Chart: ${title}. ${about} ${keys}`)}" data-kind="${kind}"></div>
<ul class="legend">${renderLegend(series)}</ul>
</figure>`;
}

/** A button for each key: it stands for all series of that key. */
function renderLegend(series: readonly Series[]): string {
  const byKey = groupBy(series.entries(), ([, { key }]) => key);
  const buttons = [...byKey].map(([key, group]) => {
    const swatches = group.map(
      ([, { colour, dash }]) =>
        `<span class="swatch dash-${dash % DASHES}" style="border-color: var(--series-${colour})"></span>`,
    );
    const outputs = group.map(([index, { part }]) => {
      const name = part === '' ? '' : `${escapeXml(part)} `;
      return `<span class="part" hidden>${name}<output data-series="${index}"></output></span>`;
    });
    return `<li><button type="button" aria-pressed="true" data-key="${escapeXml(key)}">${swatches.join('')}${escapeXml(key)}${outputs.join('')}</button></li>`;
  });
  return buttons.join('');
}

/** Patterns of lines that the style and the script have; more runs than that begin anew. */
const DASHES = 4;
