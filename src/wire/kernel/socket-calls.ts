// libc's calls on sockets, for what Node's net does not offer or does at a higher price.
import { type Libc, openLibc } from './libc.ts';

export interface SocketCalls {
  /** A descriptor, or a number below 0. */
  socket(family: number, type: number, protocol: number): number;
  /** An option whose value is a 32-bit number. */
  setOption(fd: number, level: number, name: number, value: number): number;
  /** SO_LINGER of 0 seconds: closing sends a reset. */
  resetOnClose(fd: number): void;
  bind(fd: number, address: Buffer): number;
  connect(fd: number, address: Buffer): number;
  /** Bytes that the kernel took, or a number below 0; it never waits, and raises no SIGPIPE. */
  send(fd: number, bytes: Uint8Array): number;
  /** Bytes that came, or a number below 0; it never waits. */
  receive(fd: number, into: Buffer): number;
  /** FIN. */
  endWriting(fd: number): void;
  /** No more is sent; what has arrived is still read, and then the end. */
  endBothWays(fd: number): void;
  /** The address of this side or of the other, as the kernel writes it; undefined where there is none. */
  nameOf(fd: number, side: 'own' | 'other'): Buffer | undefined;
  close(fd: number): void;
  /** Of the last call that failed, such as EPERM. */
  lastError(): string;
}

// Linux constants.
const [SOL_SOCKET, SO_LINGER] = [1, 13];
const MSG_DONTWAIT = 0x40;
const MSG_DONTWAIT_NOSIGNAL = MSG_DONTWAIT | 0x4000;
const [SHUT_WR, SHUT_RDWR] = [1, 2];
/** Of a sockaddr of the internet. */
const NAME_BYTES = 28;

let bound: SocketCalls | undefined;

/** Undefined where libc cannot be called: then sockets are plain ones, and that is reported. */
export function bindSocketCalls(): SocketCalls | undefined {
  const libc = openLibc();
  if (!libc.ok) return undefined;
  bound ??= socketCallsOf(libc.value);
  return bound;
}

export function socketCallsOf({ library, lastError }: Libc): SocketCalls {
  const setsockopt = library.func('int setsockopt(int, int, int, const void *, uint32_t)');
  const bindTo = library.func('int bind(int, const void *, uint32_t)');
  const connect = library.func('int connect(int, const void *, uint32_t)');
  const send = library.func('long send(int, const void *, size_t, int)');
  const receive = library.func('long recv(int, void *, size_t, int)');
  const shutdown = library.func('int shutdown(int, int)');
  const ownName = library.func('int getsockname(int, void *, void *)');
  const otherName = library.func('int getpeername(int, void *, void *)');
  const number = Buffer.alloc(4);
  const linger = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  return {
    socket: library.func('int socket(int, int, int)') as SocketCalls['socket'],
    setOption(fd, level, name, value) {
      number.writeInt32LE(value);
      return setsockopt(fd, level, name, number, number.length) as number;
    },
    resetOnClose: (fd) => void setsockopt(fd, SOL_SOCKET, SO_LINGER, linger, linger.length),
    bind: (fd, address) => bindTo(fd, address, address.length) as number,
    connect: (fd, address) => connect(fd, address, address.length) as number,
    send: (fd, bytes) => Number(send(fd, bytes, bytes.length, MSG_DONTWAIT_NOSIGNAL)),
    receive: (fd, into) => Number(receive(fd, into, into.length, MSG_DONTWAIT)),
    endWriting: (fd) => void shutdown(fd, SHUT_WR),
    endBothWays: (fd) => void shutdown(fd, SHUT_RDWR),
    nameOf(fd, side) {
      const name = Buffer.alloc(NAME_BYTES);
      number.writeInt32LE(name.length);
      return (side === 'own' ? ownName : otherName)(fd, name, number) === 0 ? name : undefined;
    },
    close: library.func('int close(int)') as SocketCalls['close'],
    lastError,
  };
}
