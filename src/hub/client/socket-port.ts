// Hands frames of one client to the kernel and knows how many of them it has not taken. HOT: one write for each client
// and turn (guarded by fan-out.bench.ts). A client that took all of its last write is written to at once; one that did
// not, or is new, waits in the slow lane, so that a crowd of them does not hold up the others. Whole frames are written straight to the TCP socket under `ws`; control
// frames, also written whole, may stand before them.
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { OutboxPort } from '../core/outbox.ts';
import type { StepQueue } from './deferred-writes.ts';

/** Frames that are larger in all are handed over piece by piece instead of being copied into one buffer. */
const JOIN_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

export class SocketPort implements OutboxPort {
  private readonly socket: Socket;
  private readonly webSocket: WebSocket;
  private readonly slowLane: Pick<StepQueue, 'add'>;
  private readonly onTaken: (error?: Error | null) => void;
  /** Did the kernel take all of the last write at once? */
  private isKeepingUp = false;
  private isInSlowLane = false;
  private frames: readonly Buffer[] = [];
  private writtenBytes = 0;
  private lastUntakenBytes = 0;
  private totalBytes = 0;

  constructor(
    socket: Socket,
    webSocket: WebSocket,
    slowLane: Pick<StepQueue, 'add'>,
    onTaken: (error?: Error | null) => void,
  ) {
    this.socket = socket;
    this.webSocket = webSocket;
    this.slowLane = slowLane;
    this.onTaken = onTaken;
  }

  write(frames: readonly Buffer[], joined?: Buffer): number {
    this.frames = frames;
    this.writtenBytes = joined ? joined.length : byteLength(frames);
    this.lastUntakenBytes = this.writtenBytes;
    this.totalBytes += this.writtenBytes;
    // ws has sent or is sending a Close, which nothing may follow.
    if (this.webSocket.readyState !== WebSocket.OPEN) return frames.length;
    if (this.isKeepingUp) return this.writeNow(joined);
    this.isInSlowLane = true;
    this.slowLane.add(() => this.leaveSlowLane(joined));
    return frames.length;
  }

  private leaveSlowLane(joined?: Buffer): void {
    this.isInSlowLane = false;
    if (this.webSocket.readyState !== WebSocket.OPEN || this.socket.destroyed) return;
    // Who waits for the kernel is told by it; nobody else would be.
    if (this.writeNow(joined) === 0) this.onTaken();
  }

  /** Answers how many messages the kernel did not take at once. */
  private writeNow(joined?: Buffer): number {
    const { socket, frames } = this;
    if (joined || this.writtenBytes <= JOIN_BYTES) socket.write(joined ?? Buffer.concat(frames));
    else writePieces(socket, frames);
    this.isKeepingUp = socket.writableLength === 0;
    if (this.isKeepingUp) return 0;
    this.awaitTaken();
    return this.inFlightMessages();
  }

  /** Writes whole control frames; only when `isIdle`, so that what is counted as untaken is frames of events. */
  writeControl(frames: Buffer): void {
    this.socket.write(frames);
    if (!this.isIdle()) this.awaitTaken();
  }

  inFlightMessages(): number {
    let untaken = this.untakenBytes();
    this.lastUntakenBytes = untaken;
    let messages = 0;
    for (let i = this.frames.length - 1; i >= 0 && untaken > 0; i--) {
      untaken -= (this.frames[i] as Buffer).length;
      messages += 1;
    }
    return messages;
  }

  /**
   * Asks to be told when everything written so far is taken. An empty write is the question: a callback on every write
   * would cost the many that the kernel takes at once.
   */
  private awaitTaken(): void {
    this.socket.write(NOTHING, this.onTaken);
  }

  /** Bytes of events that the kernel has taken since the start. */
  takenBytes(): number {
    return this.totalBytes - this.untakenBytes();
  }

  /** Has the kernel taken everything that was written? Then no frame is torn, and anything may follow. */
  isIdle(): boolean {
    return this.socket.writableLength === 0 && !this.isInSlowLane;
  }

  /** Bytes of the last write that the kernel has not taken; once the client is closing, those of the last look. */
  private untakenBytes(): number {
    const socket = this.socket;
    if (this.webSocket.readyState !== WebSocket.OPEN) return this.lastUntakenBytes;
    if (this.isInSlowLane) return this.writtenBytes;
    const pending = socket.writableLength;
    if (pending === 0) return 0;
    // Something else is in flight: a control frame before ours, or a Close frame behind it when the client ends.
    if (pending !== this.writtenBytes) return Math.min(pending, this.writtenBytes);
    return Math.min(handleBacklogBytes(socket) ?? pending, pending);
  }
}

/**
 * What libuv still holds of the running write, so that a partly taken write can be counted to the byte. Node has no
 * public way to ask; where the handle does not tell (TLS, another runtime), the whole write counts as not taken,
 * which evicts at most one turn early.
 */
function handleBacklogBytes(socket: Socket & { encrypted?: boolean }): number | undefined {
  if (socket.encrypted) return undefined;
  const handle = (socket as { _handle?: { writeQueueSize?: unknown } | null })._handle;
  return typeof handle?.writeQueueSize === 'number' ? handle.writeQueueSize : undefined;
}

function writePieces(socket: Socket, frames: readonly Buffer[]): void {
  socket.cork();
  for (const frame of frames) socket.write(frame);
  socket.uncork();
}

function byteLength(frames: readonly Buffer[]): number {
  let bytes = 0;
  for (const frame of frames) bytes += frame.length;
  return bytes;
}
