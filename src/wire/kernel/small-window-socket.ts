// A TCP socket whose receive buffer and segment size are tiny from the start, so that the kernel hides less than one
// large frame of a client that does not read.
import { canPrepareSockets } from './prepared-socket.ts';
import { bindSocketCalls } from './socket-calls.ts';

/** Whether small windows can be had on this machine. */
export function hasSmallWindow(): boolean {
  return canPrepareSockets();
}

// Linux constants.
const [SOL_SOCKET, SO_RCVBUF, IPPROTO_TCP, TCP_WINDOW_CLAMP] = [1, 8, 6, 10];
/** What any system allows a process to ask for. */
const ORDINARY_BUFFER_BYTES = 212_992;

/** The segments stay small, but the peer may have many of them on their way. */
export function widenWindowOf(fd: number): void {
  const calls = bindSocketCalls();
  calls?.setOption(fd, SOL_SOCKET, SO_RCVBUF, ORDINARY_BUFFER_BYTES);
  calls?.setOption(fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, 2 * ORDINARY_BUFFER_BYTES);
}
