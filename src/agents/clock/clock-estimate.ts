// How far another machine's clock is from this one's, as an interval that holds the truth: each of the latest samples is widened by
// what clocks may have drifted since, and the truth is in all of them. Samples that have no time in common prove that a clock
// was stepped, or drifts faster than any clock should; then only what came later counts.
import { driftMicros } from '../../time/clock-drift.ts';
import type { ClockSample } from './clock-sample.ts';

const KEPT_SAMPLES = 8;

interface OffsetInterval {
  readonly lowMicros: number;
  readonly highMicros: number;
}

export interface ClockEstimate {
  add(sample: ClockSample): void;
  /** Undefined before the first sample. */
  intervalAt(nowMicros: number): OffsetInterval | undefined;
  /** How often samples had no time in common. */
  readonly contradictions: number;
}

export function createClockEstimate(): ClockEstimate {
  let samples: ClockSample[] = [];
  let contradictions = 0;

  function intervalAt(nowMicros: number): OffsetInterval | undefined {
    if (samples.length === 0) return undefined;
    const widened = samples.map((sample) => widen(sample, nowMicros));
    return {
      lowMicros: Math.max(...widened.map(({ lowMicros }) => lowMicros)),
      highMicros: Math.min(...widened.map(({ highMicros }) => highMicros)),
    };
  }

  return {
    add(sample) {
      samples = [...samples, sample].slice(-KEPT_SAMPLES);
      const all = intervalAt(sample.atMicros);
      if (all === undefined || all.lowMicros <= all.highMicros) return;
      contradictions++;
      samples = [sample];
    },
    intervalAt,
    get contradictions() {
      return contradictions;
    },
  };
}

function widen({ atMicros, offsetMicros, errorMicros }: ClockSample, nowMicros: number): OffsetInterval {
  const halfMicros = errorMicros + driftMicros(nowMicros - atMicros);
  return { lowMicros: offsetMicros - halfMicros, highMicros: offsetMicros + halfMicros };
}
