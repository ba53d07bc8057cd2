// What the page has to draw: charts, marks and evictions, as src/report/loadtest/charts folded them.

/** @import { Chart, PageData } from '../../charts/chart.ts' */

/** @type {PageData} */
export const pageData = JSON.parse(document.getElementById('page-data')?.textContent ?? '');

/** The end of the axis that all charts over time share. */
export const lastSecond = Math.max(
  1,
  ...pageData.charts.filter(({ kind }) => kind === 'time').map(({ x }) => x.at(-1) ?? 0),
  ...pageData.evictions.seconds.map((second) => second + 1),
);

/** Keys of series that the reader has hidden, in all charts. @type {Set<string>} */
export const hiddenKeys = new Set();

/** @param {Chart} chart */
export function figureOf(chart) {
  return /** @type {HTMLElement} */ (document.getElementById(`chart-${chart.id}`));
}
