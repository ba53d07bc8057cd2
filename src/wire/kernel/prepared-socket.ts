// A TCP socket that is prepared before it connects, in ways that Node's net does not offer: a tiny receive buffer and segment
// size, and a source address whose ports serve every address of a hub. libc is called through koffi, an optional dependency;
// where it is missing, or off Linux, there is no such socket.

import type { LookupAddress } from 'node:dns';
import { createRequire } from 'node:module';
import { socketAddress } from './socket-address.ts';

/** What a small window asks of the kernel (which doubles the buffer for its own book-keeping). */
const RECEIVE_BUFFER_BYTES = 4_096;
const SEGMENT_BYTES = 536;

// Linux constants.
const [AF_INET, AF_INET6] = [2, 10];
const SOCK_STREAM_NONBLOCK_CLOEXEC = 1 | 0o4000 | 0o2000000;
const [SOL_SOCKET, SO_RCVBUF, IPPROTO_TCP, TCP_MAXSEG] = [1, 8, 6, 2];
const [IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT] = [0, 24];
const EINPROGRESS = 115;

export interface Preparation {
  /** A tiny window, so that the kernel hides less than one large frame of a client that does not read. */
  readonly isSmall: boolean;
  /** An address of this machine; undefined: the system chooses. */
  readonly source?: string | undefined;
}

interface Libc {
  socket(family: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, name: number, value: Buffer, length: number): number;
  bind(fd: number, address: Buffer, length: number): number;
  connect(fd: number, address: Buffer, length: number): number;
  close(fd: number): number;
  errno(): number;
}

let libc: Libc | undefined | 'unloaded' = 'unloaded';

/** Whether sockets can be prepared on this machine. */
export function canPrepareSockets(): boolean {
  return loadLibc() !== undefined;
}

/**
 * A descriptor of a socket that is connecting to the address; undefined where that is not possible here, or the system
 * has no descriptor or port left. The caller owns it: wrap it in a net.Socket, which then closes it.
 */
export function openPreparedDescriptor(
  address: LookupAddress,
  port: number,
  { isSmall, source }: Preparation,
): number | undefined {
  const c = loadLibc();
  if (!c) return undefined;
  const fd = c.socket(address.family === 6 ? AF_INET6 : AF_INET, SOCK_STREAM_NONBLOCK_CLOEXEC, 0);
  if (fd < 0) return undefined;
  if (isSmall) {
    c.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, int32(RECEIVE_BUFFER_BYTES), 4);
    c.setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, int32(SEGMENT_BYTES), 4);
  }
  const to = socketAddress(address, port);
  if (isBound(c, fd, address.family, source)) {
    if (c.connect(fd, to, to.length) === 0 || c.errno() === EINPROGRESS) return fd;
  }
  c.close(fd);
  return undefined;
}

/** The port is chosen when the socket connects: then it need be free only for that address of the hub. */
function isBound(c: Libc, fd: number, family: number, source: string | undefined): boolean {
  if (source === undefined) return true;
  c.setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, int32(1), 4);
  const from = socketAddress({ address: source, family }, 0);
  return c.bind(fd, from, from.length) === 0;
}

function loadLibc(): Libc | undefined {
  if (libc === 'unloaded') libc = bindLibc();
  return libc;
}

function bindLibc(): Libc | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const library = koffi.load(null);
    return {
      socket: library.func('int socket(int, int, int)') as Libc['socket'],
      setsockopt: library.func('int setsockopt(int, int, int, const void *, uint32_t)') as Libc['setsockopt'],
      bind: library.func('int bind(int, const void *, uint32_t)') as Libc['bind'],
      connect: library.func('int connect(int, const void *, uint32_t)') as Libc['connect'],
      close: library.func('int close(int)') as Libc['close'],
      errno: () => koffi.errno(),
    };
  } catch {
    return undefined; // not installed for this platform: callers fall back to plain sockets and report it
  }
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
