// The checks of the chapter origin: which pages may listen.
import type { Check } from '../check.ts';

export const originChecks: readonly Check[] = [];
