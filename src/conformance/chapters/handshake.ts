// The checks of the chapter handshake: how clients get in, and what does not let them in.
import type { Check } from '../check.ts';
import { acceptKey } from './handshake/accept.ts';

export const handshakeChecks: readonly Check[] = [acceptKey];
