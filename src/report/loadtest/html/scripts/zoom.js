// Zoom and cursor by keyboard; charts over time move together.
import { lastSecond } from './page-data.js';

/** @import { Chart } from '../../charts/chart.ts' */

/** @typedef {{ chart: Chart, plot: uPlot, place: Element }} DrawnChart */

/** What is on the page now. @type {DrawnChart[]} */
export const drawnCharts = [];

/** @param {DrawnChart} one @param {(chart: DrawnChart) => void} change */
function withItsGroup(one, change) {
  if (one.chart.kind !== 'time') change(one);
  else for (const other of drawnCharts) if (other.chart.kind === 'time') change(other);
}

/** @param {DrawnChart} one @param {number} min @param {number} max */
function zoomTo(one, min, max) {
  withItsGroup(one, ({ plot }) => plot.setScale('x', { min, max }));
}

/** @param {Chart} chart */
function lastOf(chart) {
  return chart.kind === 'time' ? lastSecond : (chart.x.at(-1) ?? 0);
}

/** @param {DrawnChart} one */
export function resetZoom(one) {
  zoomTo(one, one.chart.kind === 'time' ? 0 : (one.chart.x[0] ?? 0), lastOf(one.chart));
}

/** @param {DrawnChart} one @param {number} x */
function moveCursor(one, x) {
  withItsGroup(one, ({ plot }) =>
    plot.setCursor({ left: plot.valToPos(x, 'x'), top: plot.over.clientHeight / 2 }, true),
  );
}

/** @param {KeyboardEvent} event @param {DrawnChart} one */
export function onChartKey(event, one) {
  const { plot, chart } = one;
  const { min = 0, max = 0 } = plot.scales.x ?? {};
  const step = (max - min) / 8;
  if (event.key === '+' || event.key === '=') zoomTo(one, min + step, max - step);
  else if (event.key === '-') zoomTo(one, Math.max(0, min - step), Math.min(lastOf(chart), max + step));
  else if (event.key === 'Escape' || event.key === '0') resetZoom(one);
  else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    const index = (plot.cursor.idx ?? -1) + (event.key === 'ArrowRight' ? 1 : -1);
    moveCursor(one, chart.x[Math.min(chart.x.length - 1, Math.max(0, index))] ?? 0);
  } else return;
  event.preventDefault();
}
