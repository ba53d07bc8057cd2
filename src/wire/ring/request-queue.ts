// What a ring asks of the kernel: to say when a socket is connected, to read it on and on, and to stop that. Requests wait in
// shared memory until they are submitted together.
import type { RingCalls } from './ring-calls.ts';
import { BUFFER_GROUP, type RingMemory, requestOffset } from './ring-memory.ts';

// include/uapi/linux/io_uring.h
const [OP_POLL_ADD, OP_ASYNC_CANCEL, OP_RECV] = [6, 14, 27];
const POLLOUT = 4;
const RECV_MULTISHOT = 1 << 1;
const BUFFER_SELECT = 1 << 5;
const ENTER_GETEVENTS = 1;
const SQ_TASKRUN = 1 << 2;
/** A signal came, or there is no room until completions are read. */
const PASSING_ERRORS = ['EINTR', 'EAGAIN', 'EBUSY'];
/** Stands in completions that nobody waits for. */
export const NOBODY = 0xffff_ffff;

/** By which a completion is known again. */
interface Asker {
  readonly fd: number;
  readonly generation: number;
}

export class RequestQueue {
  unsubmitted = 0;
  /** The kernel took none of a full queue, and one more was asked for: that one is lost. */
  private isOverfull = false;
  private readonly calls: RingCalls;
  private readonly memory: RingMemory;

  constructor(calls: RingCalls, memory: RingMemory) {
    this.calls = calls;
    this.memory = memory;
  }

  receive(id: number, { fd, generation }: Asker): void {
    const { requestEntries } = this.memory;
    const at = this.next();
    requestEntries.setUint8(at, OP_RECV);
    requestEntries.setUint8(at + 1, BUFFER_SELECT);
    requestEntries.setUint16(at + 2, RECV_MULTISHOT, true);
    requestEntries.setInt32(at + 4, fd, true);
    requestEntries.setUint32(at + 32, id, true);
    requestEntries.setUint32(at + 36, generation, true);
    requestEntries.setUint16(at + 40, BUFFER_GROUP, true);
  }

  /** Ends once the descriptor takes bytes, or has failed. */
  awaitWritable(id: number, { fd, generation }: Asker): void {
    const { requestEntries } = this.memory;
    const at = this.next();
    requestEntries.setUint8(at, OP_POLL_ADD);
    requestEntries.setInt32(at + 4, fd, true);
    requestEntries.setUint32(at + 28, POLLOUT, true);
    requestEntries.setUint32(at + 32, id, true);
    requestEntries.setUint32(at + 36, generation, true);
  }

  cancel(id: number, { generation }: Asker): void {
    const { requestEntries } = this.memory;
    const at = this.next();
    requestEntries.setUint8(at, OP_ASYNC_CANCEL);
    requestEntries.setInt32(at + 4, -1, true);
    requestEntries.setUint32(at + 16, id, true);
    requestEntries.setUint32(at + 20, generation, true);
    requestEntries.setUint32(at + 32, NOBODY, true);
  }

  /** Also lets the kernel finish what it has to do: completions are in the memory then. False: the ring is of no use any more. */
  submit(): boolean {
    if (this.isOverfull) return false;
    const submitted = this.calls.enter(this.memory.fd, this.unsubmitted, 0, ENTER_GETEVENTS);
    if (submitted < 0) return PASSING_ERRORS.includes(this.calls.lastError());
    this.unsubmitted -= submitted;
    return true;
  }

  /** The kernel has put off work that ends in completions: it does only some with each call, and wakes nobody for the rest. */
  get hasMore(): boolean {
    const { words, request } = this.memory;
    return this.unsubmitted > 0 || (Atomics.load(words, request.flags) & SQ_TASKRUN) !== 0;
  }

  /** A cleared request at the end of the queue; where this is full, what is in it is submitted first. */
  private next(): number {
    const { words, request, requestEntries, requests } = this.memory;
    if (this.unsubmitted === requests) {
      this.submit();
      this.isOverfull = this.unsubmitted === requests;
    }
    const tail = words[request.tail] as number;
    const index = tail & request.mask;
    const at = requestOffset(index);
    for (let offset = 0; offset < 64; offset += 4) requestEntries.setUint32(at + offset, 0, true);
    words[request.array + index] = index;
    Atomics.store(words, request.tail, (tail + 1) >>> 0);
    this.unsubmitted++;
    return at;
  }
}
