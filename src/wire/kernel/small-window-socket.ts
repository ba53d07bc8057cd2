// A TCP socket whose receive buffer and segment size are tiny from the start, so that the kernel hides less than one
// large frame of a client that does not read. Node's net cannot set either before connecting, so libc is called
// through koffi, an optional dependency; where it is missing, or off Linux, there is no such socket.

import type { LookupAddress } from 'node:dns';
import { createRequire } from 'node:module';

/** What the socket asks of the kernel (which doubles the buffer for its own book-keeping). */
const RECEIVE_BUFFER_BYTES = 4_096;
const SEGMENT_BYTES = 536;

// Linux constants.
const [AF_INET, AF_INET6] = [2, 10];
const SOCK_STREAM_NONBLOCK_CLOEXEC = 1 | 0o4000 | 0o2000000;
const [SOL_SOCKET, SO_RCVBUF, IPPROTO_TCP, TCP_MAXSEG] = [1, 8, 6, 2];
const EINPROGRESS = 115;

interface Libc {
  socket(family: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, name: number, value: Buffer, length: number): number;
  connect(fd: number, address: Buffer, length: number): number;
  close(fd: number): number;
  errno(): number;
}

let libc: Libc | undefined | 'unloaded' = 'unloaded';

/** Whether small windows can be had on this machine. */
export function hasSmallWindow(): boolean {
  return loadLibc() !== undefined;
}

/**
 * A descriptor of a socket that is connecting to the address; undefined where that is not possible here or the system
 * has no descriptor left. The caller owns it: wrap it in a net.Socket, which then closes it.
 */
export function openSmallWindowDescriptor(address: LookupAddress, port: number): number | undefined {
  const c = loadLibc();
  if (!c) return undefined;
  const fd = c.socket(address.family === 6 ? AF_INET6 : AF_INET, SOCK_STREAM_NONBLOCK_CLOEXEC, 0);
  if (fd < 0) return undefined;
  c.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, int32(RECEIVE_BUFFER_BYTES), 4);
  c.setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, int32(SEGMENT_BYTES), 4);
  const raw =
    address.family === 6 ? socketAddress6(address.address, port) : socketAddress4(address.address, port);
  if (c.connect(fd, raw, raw.length) === 0 || c.errno() === EINPROGRESS) return fd;
  c.close(fd);
  return undefined;
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

function socketAddress4(address: string, port: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.set(address.split('.').map(Number), 4);
  return bytes;
}

function socketAddress6(address: string, port: number): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt16LE(AF_INET6, 0);
  bytes.writeUInt16BE(port, 2);
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const [before, after] = [groups(head), groups(tail)];
  const middle = tail === undefined ? [] : new Array<string>(8 - before.length - after.length).fill('0');
  [...before, ...middle, ...after].forEach((group, index) => {
    bytes.writeUInt16BE(Number.parseInt(group, 16), 8 + index * 2);
  });
  return bytes;
}
