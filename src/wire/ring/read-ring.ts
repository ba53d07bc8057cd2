// One io_uring for all fast connections of a process: one wake-up and one system call read many sockets. HOT (guarded by
// the receive bench): a completion is a few words of shared memory, and the reader gets the kernel's own buffer.
// Each connection has one request that reads on and on (a multishot recv); when it ends, it is armed again or the
// connection is over. Before that, one that waits until the socket is connected.
import { getSystemErrorName } from 'node:util';
import { NOBODY, RequestQueue } from './request-queue.ts';
import type { RingCalls, Watch } from './ring-calls.ts';
import { BUFFER_BYTES, type RingMemory } from './ring-memory.ts';
import { type RingEntry, type RingReader, Slot } from './ring-slot.ts';

// include/uapi/linux/io_uring.h
const [HAS_BUFFER, HAS_MORE, BUFFER_SHIFT] = [1, 2, 16];
const REGISTER_EVENTFD = 4;
const [EINTR, EAGAIN, ENOBUFS, ECANCELED] = [-4, -11, -105, -125];
/** They end a request, and say nothing of the connection. */
const INTERRUPTIONS = [EINTR, EAGAIN, ENOBUFS, ECANCELED];
/**
 * The kernel (6.18) reads so often in a row before it goes on later, and then may miss an end that came before: the request is
 * ended, and armed again, which sees it.
 */
const MOST_REPEATS = 31;
/** Then the event loop has a turn. */
const MOST_ENTERS = 64;

export class ReadRing {
  /** A number for the completions that are being read, which came together; 0 while none are. */
  batch = 0;
  private readonly calls: RingCalls;
  private readonly memory: RingMemory;
  private readonly eventFd: number;
  private readonly watch: Watch;
  private readonly requests: RequestQueue;
  private readonly slots: (Slot | undefined)[] = [];
  private readonly free: number[] = [];
  /** Whose request has ended, as the socket is connected, a buffer was missing or a signal came: they are read when buffers are back. */
  private readonly unread: number[] = [];
  private attached = 0;
  private generations = 0;
  private isRunning = false;
  private isScheduled = false;
  private isClosed = false;

  /** Throws where the kernel does not take the descriptor that wakes the event loop. */
  constructor(calls: RingCalls, memory: RingMemory) {
    this.calls = calls;
    this.memory = memory;
    this.requests = new RequestQueue(calls, memory);
    this.eventFd = calls.eventfd();
    const argument = Buffer.alloc(4);
    argument.writeInt32LE(this.eventFd);
    if (this.eventFd < 0 || calls.register(memory.fd, REGISTER_EVENTFD, argument, 1) < 0)
      throw new Error(`a ring cannot wake the event loop here (${calls.lastError()})`);
    this.watch = calls.watch(this.eventFd, () => this.wake());
  }

  /** A socket that is connecting or connected. From now on it is read here, and nowhere else. */
  attach(fd: number, reader: RingReader): RingEntry {
    if (this.isClosed) {
      reader.onLost();
      return { release: (then) => then() };
    }
    const id = this.free.pop() ?? this.slots.length;
    const slot = new Slot(this, id, fd, reader, ++this.generations >>> 0);
    this.slots[id] = slot;
    if (this.attached++ === 0) this.watch.keepAlive(true);
    this.requests.awaitWritable(id, slot);
    this.schedule();
    return slot;
  }

  /** Whatever has arrived, now: for callers that do not wait for the event loop. */
  read(): void {
    this.run();
  }

  /** Nothing is read after it; who is read still goes on without a ring. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    if (!this.isRunning) this.freeAll();
  }

  /** Not while completions are read: they are in this memory. */
  private freeAll(): void {
    this.watch.end();
    this.calls.close(this.eventFd);
    this.memory.close();
    for (const slot of this.slots.splice(0)) {
      if (slot?.onReleased === undefined) slot?.reader.onLost();
      else slot.onReleased();
    }
  }

  /** For its slots. */
  release(id: number, slot: Slot, then: (failure?: string) => void): void {
    if (this.slots[id] !== slot) {
      then();
      return;
    }
    slot.onReleased = then;
    // Closed by a reader: it is released with all others when the reading is over.
    if (this.isClosed) return;
    this.requests.cancel(id, slot);
    // Inside of a run the next round takes it along.
    if (!this.isRunning) this.run();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      if (!this.isClosed) this.run();
    });
  }

  /** Called by the event loop itself: ticks and promises of the readers wait for a turn of its own. */
  private wake(): void {
    if (this.isClosed) return;
    this.calls.clearEvent(this.eventFd);
    this.run();
    setImmediate(() => {});
  }

  private run(): void {
    if (this.isRunning || this.isClosed) return;
    this.isRunning = true;
    try {
      for (let enters = 0; ; enters++) {
        const isUsable = this.requests.submit();
        this.batch = ++this.generations;
        const completions = this.reap();
        if (!isUsable) this.isClosed = true;
        if (this.isClosed) break;
        this.armUnread();
        if (completions === 0 && !this.requests.hasMore) break;
        if (enters < MOST_ENTERS) continue;
        this.schedule();
        break;
      }
    } catch (error) {
      // An error must not pass through the native caller.
      setImmediate(() => {
        throw error;
      });
      this.schedule();
    } finally {
      this.batch = 0;
      this.isRunning = false;
      if (this.isClosed) this.freeAll();
    }
  }

  private reap(): number {
    const { memory } = this;
    const { words, signedWords, completion, buffers } = memory;
    let head = words[completion.head] as number;
    const tail = Atomics.load(words, completion.tail);
    let count = 0;
    let [lastId, repeats] = [NOBODY, 0];
    while (head !== tail) {
      const entry = completion.entries + (head & completion.mask) * 4;
      const [id, generation] = [words[entry] as number, words[entry + 1] as number];
      const result = signedWords[entry + 2] as number;
      const flags = words[entry + 3] as number;
      head = (head + 1) >>> 0;
      count++;
      const slot = id === NOBODY ? undefined : this.slots[id];
      const isCurrent = slot?.generation === generation;
      repeats = id === lastId ? repeats + 1 : 0;
      lastId = id;
      if (flags & HAS_BUFFER) {
        const buffer = flags >>> BUFFER_SHIFT;
        const start = buffer * BUFFER_BYTES;
        // Before it is read: a reader that throws must not cost a buffer or a completion.
        Atomics.store(words, completion.head, head);
        try {
          if (isCurrent && result > 0) slot.reader.onBytes(buffers, start, start + result);
        } finally {
          memory.returnBuffer(buffer);
        }
      }
      if (!isCurrent) continue;
      if (!(flags & HAS_MORE)) this.endOf(id, slot, result);
      else if (repeats === MOST_REPEATS && slot.onReleased === undefined) this.requests.cancel(id, slot);
    }
    Atomics.store(words, completion.head, head);
    memory.publishBuffers();
    return count;
  }

  /** The request of a slot has ended. */
  private endOf(id: number, slot: Slot, result: number): void {
    const mayGoOn = result > 0 || INTERRUPTIONS.includes(result);
    if (slot.onReleased !== undefined) {
      this.forget(id);
      slot.onReleased(mayGoOn || result === 0 ? undefined : getSystemErrorName(result));
    } else if (mayGoOn) {
      this.unread.push(id);
      if (!slot.isConnecting || result < 0) return;
      slot.isConnecting = false;
      slot.reader.onConnected();
    } else {
      this.forget(id);
      if (result === 0) slot.reader.onEnd();
      else slot.reader.onError(getSystemErrorName(result));
    }
  }

  /** With what the readers have given back by now. */
  private armUnread(): void {
    for (const id of this.unread.splice(0)) {
      const slot = this.slots[id];
      if (slot === undefined) continue;
      if (slot.onReleased !== undefined) this.endOf(id, slot, ECANCELED);
      else if (slot.isConnecting) this.requests.awaitWritable(id, slot);
      else this.requests.receive(id, slot);
    }
  }

  private forget(id: number): void {
    this.slots[id] = undefined;
    this.free.push(id);
    if (--this.attached === 0) this.watch.keepAlive(false);
  }
}
