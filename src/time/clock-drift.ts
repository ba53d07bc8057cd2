// How fast two clocks drift apart at most. What was known of another clock a while ago is uncertain by that much more now.

/** Crystals are good for 100 ppm, and NTP slews by up to 500. */
const MAX_DRIFT_PPM = 500;

export function driftMicros(elapsedMicros: number): number {
  return (Math.abs(elapsedMicros) * MAX_DRIFT_PPM) / 1e6;
}
