// The checks of the chapter envelope: what events look like on the wire.
import type { Check } from '../check.ts';
import { oneObjectPerMessage } from './envelope/text-frames.ts';

export const envelopeChecks: readonly Check[] = [oneObjectPerMessage];
