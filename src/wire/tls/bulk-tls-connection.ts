// A TLS connection of a client that reads all there is. HOT: Node decrypts into one buffer shared by every connection of the
// thread (guarded by the receive bench). Node reads up to 64 KiB ahead, so that it is not for clients that stall.
import { connect, type TLSSocket } from 'node:tls';
import type { ConnectionEnd, OpeningConnection } from '../connection.ts';
import { endsOf, type SocketEnds } from '../kernel/socket-ends.ts';
import { StreamConnection } from '../stream-connection.ts';
import { endOf, type TlsDial } from './tls-connection.ts';
import { keepSessions, readTlsFacts, sessionOf, type TlsFacts } from './tls-facts.ts';
import { describeTlsFailure, type TlsError } from './tls-failure.ts';
import { tlsOptionsFor } from './tls-settings.ts';

export class BulkTlsConnection extends StreamConnection implements OpeningConnection {
  tls: TlsFacts | undefined;
  private isStopped = false;
  private isLocal = false;
  private hasFin = false;
  private failure: TlsError | undefined;
  /** Decrypted after reading had stopped. */
  private parked: Buffer[] = [];
  protected readonly socket: TLSSocket;

  constructor(dial: TlsDial) {
    super();
    const startMicros = dial.clock.nowMicros();
    const onread = {
      buffer: dial.readBuffer,
      callback: (length: number, buffer: Uint8Array): boolean => {
        this.bytesRead += length;
        if (this.isStopped) this.parked.push(Buffer.from(buffer.subarray(0, length)));
        else this.listener.onBytes(buffer as Buffer, 0, length);
        return !this.isStopped;
      },
    };
    // The types know `onread` for plain sockets only; the documentation has it for both.
    this.socket = connect({
      ...tlsOptionsFor(dial.host, dial.settings),
      ...sessionOf(dial.session),
      host: dial.address,
      port: dial.port,
      ...(dial.source !== undefined && { localAddress: dial.source }),
      allowHalfOpen: true,
      onread,
    } as object);
    this.socket.setNoDelay(true);
    keepSessions(this.socket, dial.session);
    this.socket.once('secureConnect', () => {
      this.tls = readTlsFacts(this.socket, dial.clock.nowMicros() - startMicros);
    });
    this.socket.on('end', () => {
      this.hasFin = true;
      this.socket.destroySoon();
    });
    this.socket.on('error', (error: TlsError) => {
      this.failure = error;
    });
    this.socket.on('close', () => this.onClose());
  }

  get socketEnds(): SocketEnds | undefined {
    return endsOf(this.socket);
  }

  start(): void {
    this.socket.resume();
  }

  reset(): void {
    this.isLocal = true;
    if (!resetBelow(this.socket, () => this.onClose())) this.socket.destroy();
  }

  destroy(): void {
    this.isLocal = true;
    this.socket.destroy();
  }

  protected stop(): void {
    this.isStopped = true;
    this.socket.pause();
  }

  protected go(): void {
    while (this.isOpen && !this.isPaused && !this.isHeld) {
      const bytes = this.parked.shift();
      if (bytes === undefined) {
        this.isStopped = false;
        this.socket.resume();
        return;
      }
      this.listener.onBytes(bytes, 0, bytes.length);
    }
  }

  private onClose(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.listener.onClosed(this.describe());
  }

  private describe(): ConnectionEnd {
    const { failure } = this;
    if (failure && describeTlsFailure(failure) !== undefined) return endOf(failure);
    if (this.hasFin) return { kind: 'fin' };
    if (failure === undefined) return { kind: this.isLocal ? 'local' : 'fin' };
    return endOf(failure);
  }
}

interface WithHandle {
  readonly _handle?: { readonly _parent?: { reset?(onClosed: () => void): number } | null } | null;
}

/** Node resets plain sockets only: a socket of TLS is reset by the handle below. False where there is none. */
function resetBelow(socket: TLSSocket, onClosed: () => void): boolean {
  const below = (socket as unknown as WithHandle)._handle?._parent;
  if (typeof below?.reset !== 'function') return false;
  return below.reset(onClosed) === 0;
}
