// How uPlot draws a chart of the page: axes, scales, series and their dashes.
import { axisLook, fromZero, paletteColor, TIME_STEPS } from '../../../page/scripts/chart-look.js';
import { WRITE_VALUE, writeClock, writeNines } from '../../../page/scripts/value-text.js';
import { markPlugin } from './marks.js';
import { hiddenKeys, lastSecond } from './page-data.js';
import { readOut } from './read-out.js';

/** @import { Chart, Series } from '../../charts/chart.ts' */

/** From this width on, labels of percentiles have room for their sign. */
const ROOMY_PIXELS = 420;
const NINES = [0, 1, 2, 3, 4, 5];
/** Patterns of lines; the swatches of the legend have the same. */
const DASHES = [[], [5, 4], [2, 3], [9, 3, 2, 3]];

/** @param {number} width */
export function chartHeight(width) {
  return width < 500 ? 220 : 260;
}

/** @param {Chart} chart @param {number} width @returns {uPlot.Options} */
export function optionsOf(chart, width) {
  const isTime = chart.kind === 'time';
  return {
    width,
    height: chartHeight(width),
    padding: [null, isTime ? null : 30, null, null], // half the last percentile's label
    legend: { show: false },
    cursor: {
      drag: { x: true, y: false },
      points: { size: 7 },
      ...(isTime ? { sync: { key: 'time', scales: ['x', null] } } : {}),
    },
    scales: { x: acrossScale(chart), y: upScale(chart) },
    axes: [isTime ? timeAxis() : nineAxis(width), valueAxis(chart)],
    series: [{}, ...chart.series.map(lineOf)],
    plugins: [markPlugin(chart)],
    hooks: { setCursor: [(plot) => readOut(chart, plot)] },
  };
}

/** @param {Chart} chart @returns {uPlot.Scale} */
function acrossScale({ kind, x }) {
  return {
    time: false,
    range: (_, low, high) => {
      const isAll = kind === 'time' && low === x[0] && high === x.at(-1);
      return isAll ? [0, lastSecond] : [low, high];
    },
  };
}

/** @param {Chart} chart @returns {uPlot.Scale} */
function upScale({ isLog }) {
  if (!isLog) return { range: fromZero };
  return { distr: 3, range: (_, low, high) => (low > 0 ? uPlot.rangeLog(low, high, 10, false) : [1, 10]) };
}

/** @returns {uPlot.Axis} */
function timeAxis() {
  return {
    ...axisLook(),
    space: 60,
    size: 30,
    incrs: TIME_STEPS,
    values: (_, splits) => splits.map(writeClock),
  };
}

/** @param {number} width @returns {uPlot.Axis} */
function nineAxis(width) {
  const sign = width < ROOMY_PIXELS ? '' : ' %';
  return {
    ...axisLook(),
    space: 44,
    size: 30,
    splits: ({ scales: { x } }) => NINES.filter((at) => at >= (x?.min ?? 0) && at <= (x?.max ?? 5)),
    values: (_, splits) => splits.map((at) => writeNines(at).replace(' %', sign)),
  };
}

/** @param {Chart} chart @returns {uPlot.Axis} */
function valueAxis({ unit, isLog }) {
  return {
    ...axisLook(),
    size: 58,
    ...(isLog ? { filter: keepPowersOfTen } : {}),
    values: (_, splits) => splits.map((value) => (value === null ? '' : WRITE_VALUE[unit](value))),
  };
}

/**
 * On a logarithmic axis only powers of ten are labelled, unless there are too few of them.
 * @type {uPlot.Axis.Filter}
 */
function keepPowersOfTen(_plot, splits) {
  const tens = splits.filter((value) => value > 0 && Math.abs(Math.log10(value) % 1) < 1e-9);
  /** @param {number} value */
  const isShown = (value) => (tens.length > 1 ? tens.includes(value) : /^[125]/.test(value.toExponential()));
  return splits.map((value) => (isShown(value) ? value : null));
}

/** @param {Series} series @returns {uPlot.Series} */
function lineOf({ key, color, dash }) {
  return {
    show: !hiddenKeys.has(key),
    stroke: paletteColor(`--series-${color}`),
    width: dash === 0 ? 2 : 1.25,
    dash: DASHES[dash % DASHES.length] ?? [],
    spanGaps: false,
    points: { show: false, filter: aloneIn, size: 5 },
  };
}

/**
 * Values without a neighbor make no line: they are drawn as points.
 * @param {uPlot} plot @param {number} at
 */
function aloneIn(plot, at) {
  const values = plot.data[at] ?? [];
  /** @param {number} index */
  const isThere = (index) => values[index] !== null && values[index] !== undefined;
  return [...values.keys()].filter((index) => isThere(index) && !isThere(index - 1) && !isThere(index + 1));
}
