// Text that fills kernels and queues with so many bytes, also where the hub compresses it.
import { randomBytes } from 'node:crypto';

/** Base64 of random bytes shrinks to these, whatever the compressor has seen before: text for a hub that compresses is longer. */
export function fillerOf(bytes: number, isCompressed: boolean): string {
  return isCompressed ? randomBytes(bytes).toString('base64') : 'x'.repeat(bytes);
}
