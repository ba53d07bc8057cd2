// The memory that a ring shares with the kernel: the queue of requests, the queue of completions, and the buffers that the
// kernel fills, seen through typed arrays so that reading a completion is plain JavaScript and no call.
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { RingCalls, SharedMemory } from './ring-calls.ts';

const REQUESTS = 4_096;
const COMPLETIONS = 16_384;
/** Few, so that they stay in the cache: 64 do nearly as well, and 1,024 are slower. A power of two. */
const BUFFERS = 256;
export const BUFFER_BYTES = 4_096;
export const BUFFER_GROUP = 1;

// include/uapi/linux/io_uring.h
const PARAMS_BYTES = 120;
const [SETUP_CQSIZE, SETUP_COOP_TASKRUN, SETUP_TASKRUN_FLAG, SETUP_SINGLE_ISSUER, SETUP_DEFER_TASKRUN] = [
  1 << 3,
  1 << 8,
  1 << 9,
  1 << 12,
  1 << 13,
];
const [REQUEST_OFFSETS, COMPLETION_OFFSETS] = [40, 80];
const REQUESTS_AT = 0x1000_0000;
const REQUEST_BYTES = 64;
const REGISTER_BUFFERS = 22;
const [MAP_SHARED_POPULATE, MAP_PRIVATE_ANONYMOUS_POPULATE] = [0x8001, 0x8022];
const BUFFER_ENTRY_BYTES = 16;

export interface RingMemory {
  readonly fd: number;
  readonly requests: number;
  /** Words of the queues, and the places in them. */
  readonly words: Uint32Array;
  readonly signedWords: Int32Array;
  readonly request: {
    readonly tail: number;
    readonly mask: number;
    readonly array: number;
    readonly flags: number;
  };
  readonly completion: {
    readonly head: number;
    readonly tail: number;
    readonly mask: number;
    readonly entries: number;
  };
  /** The requests themselves, of `REQUEST_BYTES` each. */
  readonly requestEntries: DataView;
  /** All buffers, one behind another. */
  readonly buffers: Buffer;
  /** Gives a buffer back to the kernel, which sees it after `publishBuffers`. */
  returnBuffer(id: number): void;
  publishBuffers(): void;
  close(): void;
}

export const requestOffset = (index: number): number => index * REQUEST_BYTES;

/** The memory of a ring of its own; why there is none where the kernel does not allow or know it. */
export function openRingMemory(calls: RingCalls): Parsed<RingMemory> {
  const params = Buffer.alloc(PARAMS_BYTES);
  params.writeUInt32LE(COMPLETIONS, 4);
  params.writeUInt32LE(
    SETUP_CQSIZE | SETUP_COOP_TASKRUN | SETUP_TASKRUN_FLAG | SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN,
    8,
  );
  const fd = calls.setup(REQUESTS, params);
  if (fd < 0) return unparsed(describeRefusal(calls.lastError()));
  const mapped: SharedMemory[] = [];
  const close = (): void => {
    calls.close(fd);
    for (const memory of mapped) calls.unmap(memory);
  };
  const map = (bytes: number, flags: number, from: number, offset: number): SharedMemory => {
    const memory = calls.map(bytes, flags, from, offset);
    if (memory === undefined) throw new Error(`the system has no memory for a ring (${calls.lastError()})`);
    mapped.push(memory);
    return memory;
  };
  try {
    const offset = (table: number, field: number): number => params.readUInt32LE(table + 4 * field);
    const [requests, completions] = [params.readUInt32LE(0), params.readUInt32LE(4)];
    const queueBytes = Math.max(
      offset(REQUEST_OFFSETS, 6) + requests * 4,
      offset(COMPLETION_OFFSETS, 5) + completions * 16,
    );
    const queues = map(queueBytes, MAP_SHARED_POPULATE, fd, 0).bytes;
    const entries = map(requests * REQUEST_BYTES, MAP_SHARED_POPULATE, fd, REQUESTS_AT).bytes;
    const buffers = map(BUFFERS * BUFFER_BYTES, MAP_PRIVATE_ANONYMOUS_POPULATE, -1, 0);
    const list = map(BUFFERS * BUFFER_ENTRY_BYTES, MAP_PRIVATE_ANONYMOUS_POPULATE, -1, 0);
    const registration = Buffer.alloc(40);
    registration.writeBigUInt64LE(list.address, 0);
    registration.writeUInt32LE(BUFFERS, 8);
    registration.writeUInt16LE(BUFFER_GROUP, 12);
    if (calls.register(fd, REGISTER_BUFFERS, registration, 1) < 0)
      throw new Error(`this kernel provides no buffers to a ring (${calls.lastError()})`);
    const words = new Uint32Array(queues);
    const at = (table: number, field: number): number => offset(table, field) >> 2;
    return parsed({
      fd,
      requests,
      words,
      signedWords: new Int32Array(queues),
      request: {
        tail: at(REQUEST_OFFSETS, 1),
        mask: words[at(REQUEST_OFFSETS, 2)] as number,
        array: at(REQUEST_OFFSETS, 6),
        flags: at(REQUEST_OFFSETS, 4),
      },
      completion: {
        head: at(COMPLETION_OFFSETS, 0),
        tail: at(COMPLETION_OFFSETS, 1),
        mask: words[at(COMPLETION_OFFSETS, 2)] as number,
        entries: at(COMPLETION_OFFSETS, 5),
      },
      requestEntries: new DataView(entries),
      buffers: Buffer.from(buffers.bytes),
      ...createBufferList(list, buffers.address),
      close,
    });
  } catch (error) {
    close();
    return unparsed((error as Error).message);
  }
}

function createBufferList(
  { bytes }: SharedMemory,
  address: bigint,
): Pick<RingMemory, 'returnBuffer' | 'publishBuffers'> {
  const words = new Uint32Array(bytes);
  const halves = new Uint16Array(bytes);
  const [low, high] = [Number(address & 0xffff_ffffn), Number(address >> 32n)];
  // The tail shares the first entry's memory.
  const tailAt = 7;
  let tail = 0;
  const list = {
    returnBuffer(id: number): void {
      const slot = tail & (BUFFERS - 1);
      const start = low + id * BUFFER_BYTES;
      words[slot * 4] = start >>> 0;
      words[slot * 4 + 1] = high + (start > 0xffff_ffff ? 1 : 0);
      words[slot * 4 + 2] = BUFFER_BYTES;
      halves[slot * 8 + 6] = id;
      tail++;
    },
    publishBuffers(): void {
      Atomics.store(halves, tailAt, tail & 0xffff);
    },
  };
  for (let id = 0; id < BUFFERS; id++) list.returnBuffer(id);
  list.publishBuffers();
  return list;
}

function describeRefusal(error: string): string {
  if (error === 'ENOSYS') return 'this kernel has no io_uring (ENOSYS)';
  if (error === 'EPERM' || error === 'EACCES')
    return `io_uring is forbidden here (${error}): by seccomp, or by /proc/sys/kernel/io_uring_disabled`;
  if (error === 'EINVAL') return 'the io_uring of this kernel is too old (EINVAL)';
  return `io_uring cannot be set up (${error})`;
}
