// How charts look on every page: colors of the page, axes, and how they follow the width and the reader's colors.

/** Seconds between labels of an axis over time. */
export const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600];
const MIN_WIDTH_PIXELS = 240;

/** A color of the page's palette, such as `--quiet`. @param {string} name */
export function paletteColor(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** What both axes of a chart share. */
export function axisLook() {
  return {
    stroke: paletteColor('--quiet'),
    grid: { stroke: paletteColor('--grid'), width: 1 },
    ticks: { stroke: paletteColor('--grid'), width: 1 },
    font: '11px system-ui, sans-serif',
  };
}

/** @param {Element} place */
export function chartWidth(place) {
  return Math.max(MIN_WIDTH_PIXELS, place.clientWidth);
}

/**
 * From 0 to a little above the highest value.
 * @type {uPlot.Range.Function}
 */
export function fromZero(_plot, _low, high) {
  return [0, high > 0 ? high * 1.1 : 1];
}

/** @param {() => void} fitWidth @param {() => void} redraw */
export function followThePage(fitWidth, redraw) {
  new ResizeObserver(fitWidth).observe(/** @type {Element} */ (document.querySelector('main')));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
}
