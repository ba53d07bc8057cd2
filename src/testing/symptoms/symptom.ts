// What a symptom is: how one defect shows over the wire.
import type { RunningHub, StartOptions } from '../hub/start-hub.ts';

/** `shows` resolves with true when the hub misbehaves in exactly this way, and with false for a correct hub. */
export interface Symptom {
  readonly options?: StartOptions;
  readonly shows: (hub: RunningHub) => Promise<boolean>;
}
