// One TCP socket as a Connection. HOT: reads land in one buffer shared by every connection of the thread, nothing is
// allocated per read (guarded by the receive bench).
import { Socket } from 'node:net';
import type { ConnectionEnd, OpeningConnection } from './connection.ts';
import { connectOptionsOf, type HubAddress } from './hub-address.ts';
import { widenWindowOf } from './kernel/small-window-socket.ts';
import { bindSocketCalls } from './kernel/socket-calls.ts';
import { endsOf, type SocketEnds } from './kernel/socket-ends.ts';
import { StreamConnection } from './stream-connection.ts';

/** One socket with its listener. */
export class SocketConnection extends StreamConnection implements OpeningConnection {
  private isLocal = false;
  private hasFin = false;
  private failure: string | undefined;
  protected readonly socket: Socket;

  constructor(readBuffer: Buffer, fd?: number) {
    super();
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

  /** From the source address, where there is one. */
  connect(to: HubAddress, source?: string): void {
    this.socket.connect({ ...connectOptionsOf(to), ...(source !== undefined && { localAddress: source }) });
  }

  get socketEnds(): SocketEnds | undefined {
    return endsOf(this.socket);
  }

  start(): void {
    this.socket.resume();
  }

  /** A Unix socket has no reset: its peer sees the end, with an error for what it had not read. */
  reset(): void {
    this.isLocal = true;
    const { writableEnded, writableFinished } = this.socket;
    // While Node ends the writing it cannot reset, and would never close.
    const isEnding = writableEnded && !writableFinished;
    if (isEnding) resetOnClose(this.socket);
    if (isEnding || this.socketEnds === undefined) this.socket.destroy();
    else this.socket.resetAndDestroy();
  }

  destroy(): void {
    this.isLocal = true;
    this.socket.destroy();
  }

  widenWindow(): void {
    const fd = descriptorOf(this.socket);
    if (fd !== undefined) widenWindowOf(fd);
  }

  protected stop(): void {
    this.socket.pause();
  }

  protected go(): void {
    this.socket.resume();
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
    return this.failure === undefined ? { kind: this.isLocal ? 'local' : 'fin' } : endOfFailure(this.failure);
  }
}

/** Where libc can be called. */
function resetOnClose(socket: Socket): void {
  const fd = descriptorOf(socket);
  if (fd !== undefined) bindSocketCalls()?.resetOnClose(fd);
}

/** Undefined once the socket is closed. */
function descriptorOf(socket: Socket): number | undefined {
  const fd = (socket as { readonly _handle?: { readonly fd?: number } | null })._handle?.fd;
  return fd !== undefined && fd >= 0 ? fd : undefined;
}

export function endOfFailure(code: string): ConnectionEnd {
  return { kind: code === 'ECONNRESET' || code === 'EPIPE' ? 'reset' : 'error', code };
}
