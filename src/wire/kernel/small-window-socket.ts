// A TCP socket whose receive buffer and segment size are tiny from the start, so that the kernel hides less than one
// large frame of a client that does not read.
import type { LookupAddress } from 'node:dns';
import { canPrepareSockets, openPreparedDescriptor } from './prepared-socket.ts';

/** Whether small windows can be had on this machine. */
export function hasSmallWindow(): boolean {
  return canPrepareSockets();
}

/** A descriptor of such a socket that is connecting, which the caller owns; undefined where that is not possible here. */
export function openSmallWindowDescriptor(address: LookupAddress, port: number): number | undefined {
  return openPreparedDescriptor(address, port, { isSmall: true });
}
