// The checks of the chapter lifecycle.
import type { Check } from '../check.ts';

export const lifecycleChecks: readonly Check[] = [];
