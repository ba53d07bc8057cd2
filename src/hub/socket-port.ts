// Hands frames of one client to the kernel and knows how many of them it has not taken. HOT: one write for each client
// and turn. Whole frames are written straight to the TCP socket under `ws`; its own control frames, also written
// whole, may stand between ours.
import type { Socket } from 'node:net';
import type { OutboxPort } from './outbox.ts';

/** Frames that are larger in all are handed over piece by piece instead of being copied into one buffer. */
const JOIN_BYTES = 64 * 1024;

export class SocketPort implements OutboxPort {
  private readonly socket: Socket;
  private readonly onTaken: () => void;
  private frames: readonly Buffer[] = [];
  private writtenBytes = 0;

  constructor(socket: Socket, onTaken: () => void) {
    this.socket = socket;
    this.onTaken = onTaken;
  }

  write(frames: readonly Buffer[], joined?: Buffer): void {
    this.frames = frames;
    this.writtenBytes = joined ? joined.length : byteLength(frames);
    if (!this.socket.writable) return;
    if (joined || this.writtenBytes <= JOIN_BYTES) {
      this.socket.write(joined ?? Buffer.concat(frames), this.onTaken);
      return;
    }
    this.socket.cork();
    for (const frame of frames.slice(0, -1)) this.socket.write(frame);
    this.socket.write(frames.at(-1) as Buffer, this.onTaken);
    this.socket.uncork();
  }

  inFlightMessages(): number {
    let untaken = this.untakenBytes();
    if (untaken === 0) return 0;
    let messages = 0;
    for (let i = this.frames.length - 1; i >= 0 && untaken > 0; i--) {
      untaken -= (this.frames[i] as Buffer).length;
      messages += 1;
    }
    return messages;
  }

  /** Is a frame half in the kernel? Then nothing but its rest may follow. */
  hasTornFrame(): boolean {
    return this.socket.writableLength > 0;
  }

  /**
   * Bytes of the last write that the kernel has not taken. Exact when nothing else is being written: the handle knows
   * what is left of the running write. Otherwise all of them, which errs by at most one turn.
   */
  private untakenBytes(): number {
    const pending = this.socket.writableLength;
    if (pending === 0) return 0;
    if (pending !== this.writtenBytes) return Math.min(pending, this.writtenBytes);
    const handle = (this.socket as { _handle?: { writeQueueSize?: number } })._handle;
    return handle?.writeQueueSize ?? pending;
  }
}

function byteLength(frames: readonly Buffer[]): number {
  let bytes = 0;
  for (const frame of frames) bytes += frame.length;
  return bytes;
}
