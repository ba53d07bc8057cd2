// What all workers of a run start with, as a message: it has the data of all clients, which may be 100 MB, so that it is encoded once
// and the same bytes wait to be received by every agent.
import type { ToWorker } from '../../load/worker/worker-messages.ts';
import type { ForWorkers } from '../messages/messages.ts';
import { encodePayload } from '../messages/payload.ts';

export type EncodeStart = (start: ToWorker) => Buffer;

/** For no worker yet: which of an agent's workers start with it follows. */
export function createStartEncoder(): EncodeStart {
  const encoded = new WeakMap<ToWorker, Buffer>();
  return (start) => {
    const before = encoded.get(start);
    if (before !== undefined) return before;
    const body: readonly ForWorkers[] = [{ workers: [], message: start }];
    const bytes = encodePayload(body);
    encoded.set(start, bytes);
    return bytes;
  };
}
