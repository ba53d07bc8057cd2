// Values as pages write them: on axes, in legends and beside the cursor.

/** @typedef {'micros' | 'count' | 'perSecond' | 'bytes' | 'percent'} Unit */

const wholeNumber = new Intl.NumberFormat('en-US');

/** @param {number} value */
export function writeWhole(value) {
  return wholeNumber.format(Math.round(value));
}

/** @param {number} value */
function roundValue(value) {
  return value < 10 ? Number(value.toFixed(1)) : Math.round(value);
}

/** `9,999`, `12k`, `1.5M`. @param {number} value */
export function writeShortCount(value) {
  if (value < 1e4) return writeWhole(value);
  return value < 1e6 ? `${roundValue(value / 1e3)}k` : `${roundValue(value / 1e6)}M`;
}

/** @type {Readonly<Record<Unit, (value: number) => string>>} */
export const WRITE_VALUE = {
  micros(value) {
    if (value < 1e3) return `${Math.round(value)} µs`;
    return value < 1e6 ? `${roundValue(value / 1e3)} ms` : `${roundValue(value / 1e6)} s`;
  },
  count: writeWhole,
  perSecond: (value) => `${value < 10 ? roundValue(value) : writeShortCount(value)}/s`,
  bytes: (value) => (value < 1e6 ? `${roundValue(value / 1e3)} KB` : `${roundValue(value / 1e6)} MB`),
  percent: (value) => `${roundValue(value)} %`,
};

/** @param {number} seconds */
export function writeClock(seconds) {
  if (seconds < 120) return `${roundValue(seconds)} s`;
  return `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;
}

/**
 * Nines as a percentile: 0 is 0 %, 1 is 90 %, 5 is 99.999 %.
 * @param {number} nines
 */
export function writeNines(nines) {
  if (nines <= 0) return '0 %';
  const digits = Math.max(0, Math.ceil(nines) - 2 + (nines % 1 ? 1 : 0));
  return `${(100 - 100 * 10 ** -nines).toFixed(digits)} %`;
}
