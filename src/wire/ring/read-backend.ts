// Which way fast clients are read: through a ring, or by Node's sockets, and why.
import type { ReadBackend } from '../../kit/read-backends.ts';
import { openRing } from './open-ring.ts';
import type { ReadRing } from './read-ring.ts';

/** What was used. */
export interface ReadingResult {
  readonly backend: 'net' | 'ring';
  /** Why not a ring, where one was wanted. */
  readonly reason?: string;
}

export interface ChosenBackend {
  readonly ring: ReadRing | undefined;
  readonly reading: ReadingResult;
}

/** `isTls`: every connection is encrypted, which only Node reads. */
export function chooseReadBackend(wanted: ReadBackend, isTls: boolean): ChosenBackend {
  if (wanted === 'net') return { ring: undefined, reading: { backend: 'net' } };
  if (isTls) return { ring: undefined, reading: { backend: 'net', reason: 'TLS is read by Node' } };
  const ring = openRing();
  return ring.ok
    ? { ring: ring.value, reading: { backend: 'ring' } }
    : { ring: undefined, reading: { backend: 'net', reason: ring.problem } };
}

/** Why there is no ring on this machine; undefined where there is one. */
export function findRingProblem(): string | undefined {
  const ring = openRing();
  if (!ring.ok) return ring.problem;
  ring.value.close();
  return undefined;
}
