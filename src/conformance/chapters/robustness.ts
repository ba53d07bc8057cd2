// The checks of the chapter robustness.
import type { Check } from '../check.ts';

export const robustnessChecks: readonly Check[] = [];
