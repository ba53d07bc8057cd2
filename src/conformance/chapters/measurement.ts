// The checks of the chapter measurement.
import type { Check } from '../check.ts';
import { clientBuffer } from './measurement/client-buffer.ts';

export const measurementChecks: readonly Check[] = [clientBuffer];
