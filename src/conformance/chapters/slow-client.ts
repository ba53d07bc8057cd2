// The checks of the chapter slow-client.
import type { Check } from '../check.ts';

export const slowClientChecks: readonly Check[] = [];
