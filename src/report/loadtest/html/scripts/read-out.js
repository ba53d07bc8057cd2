// What the cursor points at, in words: the moment, what happened then, and the value of each series.
import { WRITE_VALUE, writeClock, writeNines, writeWhole } from '../../../page/scripts/value-text.js';
import { figureOf, pageData } from './page-data.js';

/** @import { Chart } from '../../charts/chart.ts' */

/** @param {Chart} chart @param {uPlot} plot */
export function readOut(chart, plot) {
  const figure = figureOf(chart);
  const index = plot.cursor.idx ?? undefined;
  const words = figure.querySelector('.at');
  if (words) words.textContent = index === undefined ? '' : describePlace(chart, index);
  const outputs = /** @type {NodeListOf<HTMLOutputElement>} */ (figure.querySelectorAll('.legend output'));
  for (const output of outputs) {
    const series = chart.series[Number(output.dataset.series)];
    const value = index === undefined ? null : (series?.values[index] ?? null);
    if (output.parentElement) output.parentElement.hidden = value === null;
    output.textContent = value === null ? '' : WRITE_VALUE[chart.unit](value);
  }
}

/** @param {Chart} chart @param {number} index */
function describePlace(chart, index) {
  const at = chart.x[index] ?? 0;
  if (chart.kind === 'spectrum') return `${writeNines(at)} within`;
  return [`at ${writeClock(at)}`, ...happenedAt(chart, index)].join(', ');
}

/**
 * Marks and evictions between this point of the axis and the next.
 * @param {Chart} chart @param {number} index
 */
function happenedAt(chart, index) {
  const from = chart.x[index] ?? 0;
  const to = chart.x[index + 1] ?? from + 1;
  /** @param {number | undefined} seconds */
  const isIn = (seconds) => seconds !== undefined && seconds >= from && seconds < to;
  const labels = pageData.marks.filter(({ atSeconds }) => isIn(atSeconds)).map(({ label }) => label);
  const { seconds, counts } = pageData.evictions;
  const total = counts.filter((_, at) => isIn(seconds[at])).reduce((sum, count) => sum + count, 0);
  return [...labels, ...(total > 0 ? [`${writeWhole(total)} evicted`] : [])];
}
