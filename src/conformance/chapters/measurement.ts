// The checks of the chapter measurement.
import type { Check } from '../check.ts';

export const measurementChecks: readonly Check[] = [];
