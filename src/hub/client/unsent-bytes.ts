// What libuv still holds of a write the kernel took in part. Node has no public way to ask, so a field of the socket's
// handle is read; where it is missing (another runtime) a whole write counts as outstanding until it is done. Under TLS
// there are two handles: the one of TLS holds the records of a write until it is done, and below it is the socket's.
import type { Server, Socket } from 'node:net';
import { plainBytesOf } from '../../wire/tls/tls-records.ts';

interface Handle {
  readonly writeQueueSize?: unknown;
  readonly _parent?: Handle | null;
}

interface WithHandle {
  readonly encrypted?: boolean;
  readonly _handle?: Handle | null;
}

/** What Node hands to the kernel at a time of the records of a large write: ten buffers. */
const MOST_SUBMITTED_BYTES = 10 * 16_384;

/** Bytes of the running write that the kernel has not taken; undefined where the runtime does not show them. */
export function readUnsentBytes(socket: Socket): number | undefined {
  const { encrypted, _handle } = socket as WithHandle;
  if (encrypted) return readUnsentOfTls(_handle);
  return typeof _handle?.writeQueueSize === 'number' ? _handle.writeQueueSize : undefined;
}

function readUnsentOfTls(handle: Handle | null | undefined): number | undefined {
  const records = handle?.writeQueueSize;
  const unsent = handle?._parent?.writeQueueSize;
  if (typeof records !== 'number' || typeof unsent !== 'number') return undefined;
  return plainBytesOf(Math.max(0, records - MOST_SUBMITTED_BYTES) + unsent);
}

/** Whether sockets of this listening server show their unsent bytes. Its own handle has the same field as theirs. */
export function hasUnsentBytes(server: Server): boolean {
  return typeof (server as WithHandle)._handle?.writeQueueSize === 'number';
}
