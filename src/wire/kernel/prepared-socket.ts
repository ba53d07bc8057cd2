// A socket that is made and connected without Node's net, in ways that it does not offer: a tiny receive buffer and segment
// size, a source address whose ports serve every address of a hub, or no object of Node at all. Where libc cannot be called
// there is no such socket.
import type { LookupAddress } from 'node:dns';
import { socketAddress, unixSocketAddress } from './socket-address.ts';
import { bindSocketCalls, type SocketCalls } from './socket-calls.ts';

/** What a small window asks of the kernel (which doubles the buffer for its own book-keeping). */
const RECEIVE_BUFFER_BYTES = 4_096;
const SEGMENT_BYTES = 536;

// Linux constants.
const [AF_UNIX, AF_INET, AF_INET6] = [1, 2, 10];
const SOCK_STREAM_NONBLOCK_CLOEXEC = 1 | 0o4000 | 0o2000000;
const [SOL_SOCKET, SO_RCVBUF, IPPROTO_TCP, TCP_NODELAY, TCP_MAXSEG] = [1, 8, 6, 1, 2];
const [IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT] = [0, 24];

export interface Preparation {
  /** A tiny window, so that the kernel hides less than one large frame of a client that does not read. */
  readonly isSmall: boolean;
  /** An address of this machine; undefined: the system chooses. */
  readonly source?: string | undefined;
}

/** Whether sockets can be prepared on this machine. */
export function canPrepareSockets(): boolean {
  return bindSocketCalls() !== undefined;
}

/**
 * A descriptor of a socket that is connecting to the address; undefined where that is not possible here, or the system
 * has no descriptor or port left. The caller owns it: wrap it in a net.Socket, which then closes it, or close it.
 */
export function openPreparedDescriptor(
  address: LookupAddress,
  port: number,
  { isSmall, source }: Preparation,
): number | undefined {
  const calls = bindSocketCalls();
  const fd = calls?.socket(address.family === 6 ? AF_INET6 : AF_INET, SOCK_STREAM_NONBLOCK_CLOEXEC, 0) ?? -1;
  if (calls === undefined || fd < 0) return undefined;
  if (isSmall) {
    calls.setOption(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER_BYTES);
    calls.setOption(fd, IPPROTO_TCP, TCP_MAXSEG, SEGMENT_BYTES);
  }
  calls.setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  const isBound = source === undefined || bindTo(calls, fd, { address: source, family: address.family });
  return isBound && isConnecting(calls, fd, socketAddress(address, port)) ? fd : closed(calls, fd);
}

/** The same on a Unix domain socket. */
export function openUnixDescriptor(path: string): number | undefined {
  const calls = bindSocketCalls();
  const fd = calls?.socket(AF_UNIX, SOCK_STREAM_NONBLOCK_CLOEXEC, 0) ?? -1;
  if (calls === undefined || fd < 0) return undefined;
  return isConnecting(calls, fd, unixSocketAddress(path)) ? fd : closed(calls, fd);
}

/** The port is chosen when the socket connects: then it need be free only for that address of the hub. */
function bindTo(calls: SocketCalls, fd: number, source: LookupAddress): boolean {
  calls.setOption(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  return calls.bind(fd, socketAddress(source, 0)) === 0;
}

function isConnecting(calls: SocketCalls, fd: number, to: Buffer): boolean {
  return calls.connect(fd, to) === 0 || calls.lastError() === 'EINPROGRESS';
}

function closed(calls: SocketCalls, fd: number): undefined {
  calls.close(fd);
  return undefined;
}
