// Writes one client's frames to its TCP socket, below `ws`, and counts those that the kernel has not taken. HOT: one
// write per client and turn (guarded by fan-out.bench.ts). A client that took all of its last write is written to at
// once; a new one, or one that did not, has its writes deferred, so that many slow clients do not delay the others.
// Control frames are written whole too, and may stand before frames of events.
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { OutboxPort } from '../core/outbox.ts';
import type { DeferredQueue } from './deferred-writes.ts';
import { readUnsentBytes } from './unsent-bytes.ts';

/** Frames of more bytes than this in all are written one by one instead of being copied into one buffer. */
const JOIN_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

export class SocketPort implements OutboxPort {
  private readonly socket: Socket;
  private readonly webSocket: WebSocket;
  private readonly deferredWrites: Pick<DeferredQueue<SocketPort>, 'add'>;
  private readonly onTaken: (error?: Error | null) => void;
  private readonly isTls: boolean;
  /** Whether the kernel took all of the last write at once. */
  private isKeepingUp = false;
  private isDeferred = false;
  /** The frames of a deferred write in one piece, where the caller had that. */
  private deferredJoined: Buffer | undefined;
  private frames: readonly Buffer[] = [];
  private writtenBytes = 0;
  private lastUntakenBytes = 0;
  private totalBytes = 0;

  constructor(
    socket: Socket,
    webSocket: WebSocket,
    deferredWrites: Pick<DeferredQueue<SocketPort>, 'add'>,
    onTaken: (error?: Error | null) => void,
  ) {
    this.socket = socket;
    this.isTls = (socket as { encrypted?: boolean }).encrypted === true;
    this.webSocket = webSocket;
    this.deferredWrites = deferredWrites;
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
    this.isDeferred = true;
    this.deferredJoined = joined;
    this.deferredWrites.add(this);
    return frames.length;
  }

  /** Makes the deferred write; called by the queue of deferred writes. */
  writeDeferred(): void {
    const joined = this.deferredJoined;
    this.deferredJoined = undefined;
    this.isDeferred = false;
    if (this.webSocket.readyState !== WebSocket.OPEN || this.socket.destroyed) return;
    // A write that the kernel did not take at once has a callback of its own; this one needs the call.
    if (this.writeNow(joined) === 0) this.onTaken();
  }

  /** Returns how many messages the kernel did not take at once. */
  private writeNow(joined?: Buffer): number {
    const { socket, frames } = this;
    if (joined || this.writtenBytes <= JOIN_BYTES) socket.write(joined ?? Buffer.concat(frames));
    else writePieces(socket, frames);
    this.isKeepingUp = socket.writableLength === 0;
    if (this.isKeepingUp) return 0;
    this.awaitTaken();
    const inFlight = this.inFlightMessages();
    // TLS reports every write later, also one that the kernel took at once.
    if (this.isTls) this.isKeepingUp = inFlight === 0;
    return inFlight;
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
   * Calls `onTaken` once everything written so far is taken. The callback is on an empty write behind it: one on every
   * write would cost time also for those that the kernel takes at once.
   */
  private awaitTaken(): void {
    this.socket.write(NOTHING, this.onTaken);
  }

  /** Bytes of events that the kernel has taken since the start. */
  takenBytes(): number {
    return this.totalBytes - this.untakenBytes();
  }

  /** Whether the kernel has taken everything that was written: no frame is torn, and anything may follow. */
  isIdle(): boolean {
    return this.socket.writableLength === 0 && !this.isDeferred;
  }

  /** Bytes of the last write that the kernel has not taken; once the client is closing, those of the last look. */
  private untakenBytes(): number {
    const socket = this.socket;
    if (this.webSocket.readyState !== WebSocket.OPEN) return this.lastUntakenBytes;
    if (this.isDeferred) return this.writtenBytes;
    const pending = socket.writableLength;
    if (pending === 0) return 0;
    // Something else is in flight: a control frame before ours, or a Close frame behind it when the client ends.
    if (pending !== this.writtenBytes) return Math.min(pending, this.writtenBytes);
    return Math.min(readUnsentBytes(socket) ?? pending, pending);
  }
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
