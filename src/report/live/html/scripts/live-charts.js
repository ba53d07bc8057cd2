// The charts of the live page: the points of the last hour, drawn as they come.
import {
  axisLook,
  chartWidth,
  fromZero,
  paletteColor,
  TIME_STEPS,
} from '../../../page/scripts/chart-look.js';
import { WRITE_VALUE, writeClock, writeShortCount } from '../../../page/scripts/value-text.js';
import { putText } from './put-text.js';

/** @import { LivePoint } from '../../live-run.ts' */

const MAX_POINTS = 3_600;
const HEIGHT_PIXELS = 200;
/** The axis is at least as long as this. */
const MIN_SECONDS = 10;

/** @typedef {{ id: string, write: (value: number) => string, keys: readonly (keyof LivePoint)[] }} LiveChart */

/** @type {readonly LiveChart[]} */
const LIVE_CHARTS = [
  { id: 'rate', write: writeShortCount, keys: ['deliveriesPerSecond'] },
  { id: 'latency', write: WRITE_VALUE.micros, keys: ['p50Micros', 'p99Micros'] },
  { id: 'clients', write: writeShortCount, keys: ['connected', 'evicted'] },
];

/** @type {LivePoint[]} */
let points = [];
/** The number of the first of the points. */
let firstNumber = 0;
/** @type {Map<LiveChart, uPlot>} */
const plots = new Map();

export function drawLiveCharts() {
  for (const chart of LIVE_CHARTS) {
    const place = placeOf(chart);
    plots.get(chart)?.destroy();
    place.replaceChildren();
    plots.set(chart, new uPlot(liveOptions(chart, chartWidth(place)), pointValues(chart), place));
  }
}

export function fitLiveCharts() {
  for (const [chart, plot] of plots) {
    const width = chartWidth(placeOf(chart));
    if (plot.width !== width) plot.setSize({ width, height: HEIGHT_PIXELS });
  }
}

/**
 * `first` is the number of the first added point; a gap before it starts over.
 * @param {number} first @param {readonly LivePoint[]} added
 */
export function addPoints(first, added) {
  if (first !== firstNumber + points.length) {
    points = [];
    firstNumber = first;
  }
  points = points.concat(added);
  if (points.length > MAX_POINTS) {
    firstNumber += points.length - MAX_POINTS;
    points = points.slice(-MAX_POINTS);
  }
  const last = added.at(-1);
  if (last === undefined) return;
  for (const chart of LIVE_CHARTS) {
    plots.get(chart)?.setData(pointValues(chart));
    for (const [at, output] of document.querySelectorAll(`#chart-${chart.id} output`).entries()) {
      const key = chart.keys[at];
      const value = key === undefined ? null : last[key];
      putText(output, value === null ? '-' : chart.write(value));
    }
  }
}

/** @param {LiveChart} chart */
function placeOf(chart) {
  return /** @type {HTMLElement} */ (document.querySelector(`#chart-${chart.id} .plot`));
}

/** @param {LiveChart} chart @returns {uPlot.AlignedData} */
function pointValues({ keys }) {
  return [
    points.map(({ atMillis }) => atMillis / 1e3),
    ...keys.map((key) => points.map((point) => point[key])),
  ];
}

/** @param {LiveChart} chart @param {number} width @returns {uPlot.Options} */
function liveOptions({ keys, write }, width) {
  return {
    width,
    height: HEIGHT_PIXELS,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: (_, low, high) => [low, Math.max(high, low + MIN_SECONDS)] },
      y: { range: fromZero },
    },
    axes: [
      {
        ...axisLook(),
        space: 60,
        size: 30,
        incrs: TIME_STEPS,
        values: (_, splits) => splits.map(writeClock),
      },
      { ...axisLook(), size: 58, values: (_, splits) => splits.map(write) },
    ],
    series: [
      {},
      ...keys.map((_, at) => ({
        stroke: paletteColor(`--series-${at}`),
        width: 2,
        points: { show: false },
      })),
    ],
  };
}
