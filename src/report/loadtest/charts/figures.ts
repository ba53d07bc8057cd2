// The charts as figures: title, words for those who do not see them, and a legend of buttons. The script draws into them.
import { groupBy } from '../../format/group-by.ts';
import { type Html, html, NOTHING } from '../../format/html.ts';
import type { Chart, PageData, Series } from './chart.ts';

const WIDE = new Set(['spectrum', 'latency', 'returns']);
/** Patterns of lines that the style and the script have; more runs than that start over. */
const DASHES = 4;

export function renderFigures(data: PageData): Html {
  const { charts } = data;
  const firstOverTime = charts.findIndex(({ kind }) => kind === 'time');
  const figures = charts.map((chart, at) => [
    at === firstOverTime && renderMarkKey(data),
    renderFigure(chart),
  ]);
  return html`<div class="charts">${figures}</div>`;
}

/** What the axis of every chart over time shows; only what there is. */
function renderMarkKey({ marks, evictions }: PageData): Html {
  const has = (kind: string) => marks.some((mark) => mark.kind === kind);
  const entries: readonly (readonly [name: string, text: string, isThere: boolean])[] = [
    ['phase', 'a phase of the run begins', has('phase')],
    ['event', 'a rare event of the scenario', has('event')],
    ['fault', 'a fault, while it lasts', has('fault')],
    ['breach', 'the worst window of a threshold that does not hold', has('breach')],
    ['restart', 'the hub restarted', has('restart')],
    ['evictions', 'evictions in that second', evictions.seconds.length > 0],
  ];
  const shown = entries.filter(([, , isThere]) => isThere);
  if (shown.length === 0) return NOTHING;
  const items = shown.map(([name, text]) => html`<li><i class="mark-${name}"></i>${text}</li>`);
  return html`<ul class="key wide" aria-label="Marks in the charts over time">${items}</ul>\n`;
}

function renderFigure({ id, title, about, kind, series }: Chart): Html {
  const keys = 'Drag to zoom; with the keyboard: arrows, plus, minus, escape.';
  return html`<figure id="chart-${id}"${WIDE.has(id) && html` class="wide"`}>
<figcaption><h3>${title}</h3><span class="at"></span><button type="button" class="reset" aria-label="Reset zoom: ${title}">reset zoom</button></figcaption>
<p>${about}</p>
<div class="plot" tabindex="0" role="img" aria-label="Chart: ${title}. ${about} ${keys}" data-kind="${kind}"></div>
<ul class="legend">${renderLegend(series)}</ul>
</figure>
`;
}

/** A button for each key: it stands for all series of that key. */
function renderLegend(series: readonly Series[]): Html[] {
  const byKey = groupBy(series.entries(), ([, { key }]) => key);
  return [...byKey].map(([key, group]) => {
    const swatches = group.map(
      ([, { color, dash }]) =>
        html`<span class="swatch dash-${dash % DASHES}" style="border-color: var(--series-${color})"></span>`,
    );
    const outputs = group.map(
      ([index, { part }]) =>
        html`<span class="part" hidden>${part !== '' && `${part} `}<output data-series="${index}"></output></span>`,
    );
    return html`<li><button type="button" aria-pressed="true" data-key="${key}">${swatches}${key}${outputs}</button></li>`;
  });
}
