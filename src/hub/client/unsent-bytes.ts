// What libuv still holds of a write the kernel took in part. Node has no public way to ask, so a field of the socket's
// handle is read; where it is missing (TLS, another runtime) a whole write counts as outstanding until it is done.
import type { Server, Socket } from 'node:net';

interface WithHandle {
  readonly encrypted?: boolean;
  readonly _handle?: { readonly writeQueueSize?: unknown } | null;
}

/** Bytes of the running write that the kernel has not taken; undefined where the runtime does not show them. */
export function readUnsentBytes(socket: Socket): number | undefined {
  const { encrypted, _handle } = socket as WithHandle;
  if (encrypted) return undefined;
  return typeof _handle?.writeQueueSize === 'number' ? _handle.writeQueueSize : undefined;
}

/** Whether sockets of this listening server show their unsent bytes. Its own handle has the same field as theirs. */
export function hasUnsentBytes(server: Server): boolean {
  const isTls = typeof (server as { setSecureContext?: unknown }).setSecureContext === 'function';
  return !isTls && typeof (server as WithHandle)._handle?.writeQueueSize === 'number';
}
