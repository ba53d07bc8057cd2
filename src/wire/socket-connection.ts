// One TCP socket as a Connection. HOT: reads land in one buffer shared by every connection of the thread, nothing is
// allocated per read (guarded by the receive bench).
import { Socket } from 'node:net';
import type { ConnectionEnd, ConnectionListener, OpeningConnection } from './connection.ts';

/** Ignores everything: before the handshake, and after its failure. */
export const SILENT_LISTENER: ConnectionListener = { onBytes() {}, onClosed() {} };

/** One socket with its listener. The listener may be replaced at any time. */
export class SocketConnection implements OpeningConnection {
  listener: ConnectionListener = SILENT_LISTENER;
  bytesRead = 0;
  isOpen = true;
  private isPaused = false;
  private isHeld = false;
  private isLocal = false;
  private hasFin = false;
  private failure: string | undefined;
  private readonly socket: Socket;

  constructor(readBuffer: Buffer, fd?: number) {
    const onread = {
      buffer: readBuffer,
      // `false` stops reading at the handle: nothing more leaves the kernel.
      callback: (length: number, buffer: Uint8Array): boolean => {
        this.bytesRead += length;
        this.listener.onBytes(buffer as Buffer, 0, length);
        return !(this.isPaused || this.isHeld);
      },
    };
    // `onread` is documented for connect options; the constructor takes the same field.
    this.socket = new Socket({ ...(fd === undefined ? {} : { fd }), onread, allowHalfOpen: true } as object);
    this.socket.setNoDelay(true);
    this.socket.on('end', () => this.onFin());
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.failure = error.code ?? error.message;
    });
    this.socket.on('close', () => this.onClose());
  }

  connect(host: string, port: number): void {
    this.socket.connect(port, host);
  }

  get localPort(): number | undefined {
    return this.socket.localPort;
  }

  /** Begins to read; called once the listener is in place. */
  start(): void {
    this.socket.resume();
  }

  /** Reads nothing until the next turn of the event loop, which begins with `bytes`, read too early. */
  hold(bytes: Buffer): void {
    this.isHeld = true;
    this.socket.pause();
    setImmediate(() => {
      this.isHeld = false;
      if (!this.isOpen) return;
      if (bytes.length > 0) this.listener.onBytes(bytes, 0, bytes.length);
      if (!this.isPaused) this.socket.resume();
    });
  }

  write(bytes: Uint8Array): void {
    if (this.isOpen && this.socket.writable) this.socket.write(bytes);
  }

  pauseReading(): void {
    this.isPaused = true;
    this.socket.pause();
  }

  resumeReading(): void {
    this.isPaused = false;
    if (this.isOpen && !this.isHeld) this.socket.resume();
  }

  endWriting(): void {
    this.socket.end();
  }

  reset(): void {
    this.isLocal = true;
    this.socket.resetAndDestroy();
  }

  destroy(): void {
    this.isLocal = true;
    this.socket.destroy();
  }

  private onFin(): void {
    this.hasFin = true;
    // The peer is done; nothing of ours needs to wait.
    this.socket.destroySoon();
  }

  private onClose(): void {
    this.isOpen = false;
    this.listener.onClosed(this.describe());
  }

  private describe(): ConnectionEnd {
    if (this.hasFin) return { kind: 'fin' };
    if (this.failure === undefined) return { kind: this.isLocal ? 'local' : 'fin' };
    const isReset = this.failure === 'ECONNRESET' || this.failure === 'EPIPE';
    return { kind: isReset ? 'reset' : 'error', code: this.failure };
  }
}
