// The checks of the chapter delivery.
import type { Check } from '../check.ts';

export const deliveryChecks: readonly Check[] = [];
