// What connections over a stream of Node have in common: writing, and reading that stops and goes on. How each stops and
// goes on at the socket is its own.
import type { Socket } from 'node:net';
import type { ConnectionListener } from './connection.ts';

/** Ignores everything: before the handshake, and after its failure. */
export const SILENT_LISTENER: ConnectionListener = { onBytes() {}, onClosed() {} };

export abstract class StreamConnection {
  /** May be replaced at any time. */
  listener: ConnectionListener = SILENT_LISTENER;
  bytesRead = 0;
  isOpen = true;
  protected isPaused = false;
  protected isHeld = false;
  /** Takes what is written. */
  protected abstract readonly socket: Socket;

  /** Reads nothing until the next turn of the event loop, which begins with `bytes`, read too early. */
  hold(bytes: Buffer): void {
    this.isHeld = true;
    this.stop();
    setImmediate(() => {
      this.isHeld = false;
      if (!this.isOpen) return;
      if (bytes.length > 0) this.listener.onBytes(bytes, 0, bytes.length);
      if (!this.isPaused) this.go();
    });
  }

  write(bytes: Uint8Array): void {
    if (this.isOpen && this.socket.writable) this.socket.write(bytes);
  }

  pauseReading(): void {
    this.isPaused = true;
    this.stop();
  }

  resumeReading(): void {
    this.isPaused = false;
    if (this.isOpen && !this.isHeld) this.go();
  }

  endWriting(): void {
    this.socket.end();
  }

  protected abstract stop(): void;
  protected abstract go(): void;
}
