// What a ring needs of the system: io_uring's three system calls, memory that is shared with the kernel, an eventfd, and the
// poll handles of the event loop that the node binary exports.
import { isMainThread } from 'node:worker_threads';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { type Libc, openLibc } from '../kernel/libc.ts';
import { type SocketCalls, socketCallsOf } from '../kernel/socket-calls.ts';

type Pointer = unknown;

export interface RingCalls extends Pick<SocketCalls, 'close' | 'send' | 'lastError'> {
  /** A descriptor, or a number below 0. */
  setup(entries: number, params: Buffer): number;
  enter(ring: number, submit: number, minComplete: number, flags: number): number;
  register(ring: number, opcode: number, argument: Buffer, count: number): number;
  /** Memory of a descriptor, or of nobody (-1); undefined where there is none. */
  map(bytes: number, flags: number, fd: number, offset: number): SharedMemory | undefined;
  unmap(memory: SharedMemory): void;
  eventfd(): number;
  /** Resets the counter of an eventfd. */
  clearEvent(fd: number): void;
  /** Two connected stream sockets. */
  socketPair(): [number, number] | undefined;
  /** `onReadable` is called by the event loop when the descriptor is readable, until the returned function is called. */
  watch(fd: number, onReadable: () => void): Watch;
}

export interface SharedMemory {
  readonly pointer: Pointer;
  readonly address: bigint;
  readonly bytes: ArrayBuffer;
}

export interface Watch {
  /** Whether it alone keeps the process alive. */
  keepAlive(keeps: boolean): void;
  end(): void;
}

// Linux, the same on every architecture that Node runs on: io_uring came after the numbers were united.
const [SYS_SETUP, SYS_ENTER, SYS_REGISTER] = [425, 426, 427];
const [PROT_READ_WRITE, MAP_FAILED] = [3, 0xffff_ffff_ffff_ffffn];
const EFD_NONBLOCK_CLOEXEC = 0o4000 | 0o2000000;
const [AF_UNIX, SOCK_STREAM_CLOEXEC] = [1, 1 | 0o2000000];
const UV_READABLE = 1;
const UV_POLL = 8;

let bound: Parsed<RingCalls> | undefined;

export function bindRingCalls(): Parsed<RingCalls> {
  bound ??= bind();
  return bound;
}

function bind(): Parsed<RingCalls> {
  if (process.platform !== 'linux') return unparsed('io_uring is of Linux only');
  if (!isMainThread) return unparsed('a ring belongs to the main thread of a process');
  const libc = openLibc();
  return libc.ok ? parsed(ringCallsOf(libc.value)) : libc;
}

function ringCallsOf(libc: Libc): RingCalls {
  const { ffi, library } = libc;
  const { close, send, lastError } = socketCallsOf(libc);
  const setup = library.func('long syscall(long, uint32_t, void *)');
  const enter = library.func('long syscall(long, int, uint32_t, uint32_t, uint32_t, void *, size_t)');
  const register = library.func('long syscall(long, int, uint32_t, void *, uint32_t)');
  const mmap = library.func('void *mmap(void *, size_t, int, int, int, int64_t)');
  const munmap = library.func('int munmap(void *, size_t)');
  const eventfd = library.func('int eventfd(uint32_t, int)');
  const read = library.func('long read(int, void *, size_t)');
  const socketpair = library.func('int socketpair(int, int, int, void *)');
  const counter = Buffer.alloc(8);
  return {
    setup: (entries, params) => Number(setup(SYS_SETUP, entries, params)),
    enter: (ring, submit, minComplete, flags) =>
      Number(enter(SYS_ENTER, ring, submit, minComplete, flags, null, 0)),
    register: (ring, opcode, argument, count) =>
      Number(register(SYS_REGISTER, ring, opcode, argument, count)),
    map(bytes, flags, fd, offset) {
      const pointer = mmap(null, bytes, PROT_READ_WRITE, flags, fd, offset);
      const address = BigInt(ffi.address(pointer));
      if (address === MAP_FAILED) return undefined;
      return { pointer, address, bytes: ffi.view(pointer, bytes) };
    },
    unmap: ({ pointer, bytes }) => void munmap(pointer, bytes.byteLength),
    eventfd: () => Number(eventfd(0, EFD_NONBLOCK_CLOEXEC)),
    clearEvent: (fd) => void read(fd, counter, counter.length),
    socketPair() {
      const pair = Buffer.alloc(8);
      if (socketpair(AF_UNIX, SOCK_STREAM_CLOEXEC, 0, pair) !== 0) return undefined;
      return [pair.readInt32LE(0), pair.readInt32LE(4)];
    },
    watch: bindWatch(libc),
    close,
    send,
    lastError,
  };
}

function bindWatch({ ffi, library }: Libc): RingCalls['watch'] {
  const defaultLoop = library.func('void *uv_default_loop()');
  const handleSize = library.func('size_t uv_handle_size(int)');
  const pollInit = library.func('int uv_poll_init(void *, void *, int)');
  const onPoll = ffi.pointer(ffi.proto('void norn_on_poll(void *, int, int)'));
  const pollStart = library.func('uv_poll_start', 'int', ['void *', 'int', onPoll]);
  const pollStop = library.func('int uv_poll_stop(void *)');
  const onClose = ffi.pointer(ffi.proto('void norn_on_close(void *)'));
  const closeHandle = library.func('uv_close', 'void', ['void *', onClose]);
  const ref = library.func('void uv_ref(void *)');
  const unref = library.func('void uv_unref(void *)');
  return (fd, onReadable) => {
    const handle = ffi.alloc('uint8_t', Number(handleSize(UV_POLL)));
    if (pollInit(defaultLoop(), handle, fd) !== 0) throw new Error('the event loop takes no descriptor');
    const callback = ffi.register(onReadable, onPoll);
    pollStart(handle, UV_READABLE, callback);
    unref(handle);
    return {
      keepAlive: (keeps) => void (keeps ? ref(handle) : unref(handle)),
      end() {
        pollStop(handle);
        // The loop uses the handle until its next turn.
        const closed = ffi.register(() => {
          setImmediate(() => {
            ffi.unregister(callback);
            ffi.unregister(closed);
            ffi.free(handle);
          });
        }, onClose);
        closeHandle(handle, closed);
      },
    };
  };
}
