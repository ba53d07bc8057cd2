// The script of loadtest.html: draws the charts with uPlot and lets mouse, finger and keyboard zoom, point and hide series.
import { chartWidth, followThePage } from '../../../page/scripts/chart-look.js';
import { openDetailsForPrint } from '../../../page/scripts/print.js';
import { chartHeight, optionsOf } from './chart-options.js';
import { figureOf, hiddenKeys, pageData } from './page-data.js';
import { drawnCharts, onChartKey, resetZoom } from './zoom.js';

/** @import { Chart } from '../../charts/chart.ts' */

/** What a sheet of A4 leaves within the margins of browsers and of the page. */
const PAPER_PIXELS = 640;

/** @param {Chart} chart @returns {uPlot.AlignedData} */
function valuesOf({ x, series, isLog }) {
  // A logarithmic axis has no place for 0.
  const rows = series.map(({ values }) => values.map((value) => (isLog && value === 0 ? null : value)));
  return [[...x], ...rows];
}

function drawAll() {
  for (const { plot } of drawnCharts.splice(0)) plot.destroy();
  for (const chart of pageData.charts) {
    const place = /** @type {HTMLElement} */ (figureOf(chart).querySelector('.plot'));
    place.replaceChildren();
    const plot = new uPlot(optionsOf(chart, chartWidth(place)), valuesOf(chart), place);
    drawnCharts.push({ chart, plot, place });
  }
}

/** @param {number} [wanted] */
function fitWidth(wanted) {
  for (const { plot, place } of drawnCharts) {
    const width = wanted ?? chartWidth(place);
    if (plot.width !== width) plot.setSize({ width, height: chartHeight(width) });
  }
}

/** @param {string} key */
function toggleSeries(key) {
  if (!hiddenKeys.delete(key)) hiddenKeys.add(key);
  for (const button of legendButtons())
    if (button.dataset.key === key) button.setAttribute('aria-pressed', String(!hiddenKeys.has(key)));
  for (const { chart, plot } of drawnCharts)
    for (const [index, series] of chart.series.entries())
      if (series.key === key) plot.setSeries(index + 1, { show: !hiddenKeys.has(key) });
}

function legendButtons() {
  return /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('.legend button'));
}

for (const button of legendButtons())
  button.addEventListener('click', () => toggleSeries(button.dataset.key ?? ''));
for (const chart of pageData.charts) {
  const figure = figureOf(chart);
  const find = () => drawnCharts.find((one) => one.chart === chart);
  figure.querySelector('.reset')?.addEventListener('click', () => {
    const one = find();
    if (one) resetZoom(one);
  });
  const place = /** @type {HTMLElement} */ (figure.querySelector('.plot'));
  place.addEventListener('keydown', (event) => {
    const one = find();
    if (one) onChartKey(event, one);
  });
}
for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('button.copy')))
  button.addEventListener('click', async () => {
    const from = document.getElementById(button.dataset.from ?? '');
    await navigator.clipboard?.writeText(from?.textContent ?? '');
    button.textContent = 'copied';
  });

drawAll();
followThePage(() => fitWidth(), drawAll);
openDetailsForPrint(
  'details:not([open])',
  () => fitWidth(PAPER_PIXELS),
  () => fitWidth(),
);
document.documentElement.dataset.ready = 'true';
