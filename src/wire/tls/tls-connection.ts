// A TLS connection as a Connection. The kit reads the TCP socket itself and hands the bytes to Node's TLS, so that a client
// that stalls reads nothing from its kernel, whatever its window, and so that a torn record is seen. Clients that read all
// there is use bulk-tls-connection.ts, which is faster.

import { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import type { Clock } from '../../time/clock.ts';
import type { ConnectionEnd, OpeningConnection } from '../connection.ts';
import type { SocketEnds } from '../kernel/socket-ends.ts';
import { SocketConnection } from '../socket-connection.ts';
import { StreamConnection } from '../stream-connection.ts';
import { keepSessions, readTlsFacts, sessionOf, type TlsFacts, type TlsSessionStore } from './tls-facts.ts';
import { describeTlsFailure, type TlsError, tlsCodeOf } from './tls-failure.ts';
import { createTlsRecords } from './tls-records.ts';
import { type TlsSettings, tlsOptionsFor } from './tls-settings.ts';

export interface TlsDial {
  /** Of the URL: the name that the certificate must have. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** An address of this machine; undefined: the system chooses. */
  readonly source?: string | undefined;
  readonly settings: TlsSettings | undefined;
  readonly session: TlsSessionStore | undefined;
  readonly readBuffer: Buffer;
  readonly clock: Clock;
}

export class TlsConnection extends StreamConnection implements OpeningConnection {
  tls: TlsFacts | undefined;
  /** Of the handshake, and with the first answer. */
  private wireBytesBefore = 0;
  private bytesBefore = 0;
  private hasEnded = false;
  private failure: TlsError | undefined;
  private rawEnd: ConnectionEnd | undefined;
  private readonly records = createTlsRecords();
  private readonly raw: SocketConnection;
  private readonly stream: Duplex;
  protected readonly socket: TLSSocket;

  /** `fd` is a socket that is connecting already. */
  constructor(dial: TlsDial, fd?: number) {
    super();
    const startMicros = dial.clock.nowMicros();
    this.raw = new SocketConnection(dial.readBuffer, fd);
    this.raw.listener = {
      onBytes: (buffer, start, end) => this.onRecords(buffer, start, end),
      onClosed: (end) => this.onRawClosed(end),
    };
    if (fd === undefined) this.raw.connect({ host: dial.address, port: dial.port }, dial.source);
    this.stream = streamOver(this.raw);
    this.socket = connect({
      ...tlsOptionsFor(dial.host, dial.settings),
      ...sessionOf(dial.session),
      socket: this.stream,
    });
    keepSessions(this.socket, dial.session);
    this.socket.once('secureConnect', () => {
      this.tls = readTlsFacts(this.socket, dial.clock.nowMicros() - startMicros);
    });
    this.socket.on('data', (bytes: Buffer) => {
      if (this.bytesRead === 0) [this.wireBytesBefore, this.bytesBefore] = [this.raw.bytesRead, bytes.length];
      this.bytesRead += bytes.length;
      this.listener.onBytes(bytes, 0, bytes.length);
    });
    this.socket.on('end', () => this.onEnd());
    this.socket.on('error', (error: TlsError) => this.onError(error));
  }

  get socketEnds(): SocketEnds | undefined {
    return this.raw.socketEnds;
  }

  get plainShare(): number | undefined {
    const wireBytes = this.raw.bytesRead - this.wireBytesBefore;
    return wireBytes > 0 ? Math.min(1, (this.bytesRead - this.bytesBefore) / wireBytes) : undefined;
  }

  start(): void {
    this.raw.start();
  }

  reset(): void {
    this.raw.reset();
  }

  destroy(): void {
    this.raw.destroy();
  }

  widenWindow(): void {
    this.raw.widenWindow();
  }

  protected stop(): void {
    this.raw.pauseReading();
    this.socket.pause();
  }

  /** What was decrypted already comes first. */
  protected go(): void {
    this.socket.resume();
    if (!this.isPaused) this.raw.resumeReading();
  }

  private onRecords(buffer: Buffer, start: number, end: number): void {
    this.records.read(buffer, start, end);
    // A copy: the buffer is shared, and what is paused keeps its bytes.
    if (!this.stream.readableEnded) this.stream.push(Buffer.from(buffer.subarray(start, end)));
  }

  /** The peer's close_notify; of its FIN the socket below tells. */
  private onEnd(): void {
    if (this.rawEnd) return;
    this.hasEnded = true;
    this.socket.end();
    setImmediate(() => this.raw.destroy());
  }

  private onError(error: TlsError): void {
    if (this.rawEnd === undefined) this.failure ??= error;
    this.raw.destroy();
  }

  private onRawClosed(end: ConnectionEnd): void {
    this.rawEnd = end;
    if (!this.stream.readableEnded) this.stream.push(null);
    // What came before the end is decrypted by then.
    setImmediate(() => {
      this.isOpen = false;
      this.socket.destroy();
      this.listener.onClosed(this.describe(end));
    });
  }

  private describe(end: ConnectionEnd): ConnectionEnd {
    const { failure } = this;
    if (failure) return endOf(failure);
    const kind = this.hasEnded ? 'fin' : end.kind;
    return { ...end, kind, ...(this.records.isTorn && kind !== 'local' ? { isRecordTorn: true } : {}) };
  }
}

/** An error of the TLS layer. */
export function endOf(failure: TlsError): ConnectionEnd {
  const problem = describeTlsFailure(failure);
  const code = tlsCodeOf(failure) ?? failure.message;
  const isReset = code === 'ECONNRESET' || code === 'EPIPE';
  return { kind: isReset ? 'reset' : 'error', code, ...(problem === undefined ? {} : { problem }) };
}

function streamOver(raw: SocketConnection): Duplex {
  return new Duplex({
    allowHalfOpen: true,
    read() {},
    write(bytes: Buffer, _encoding, done) {
      raw.write(bytes);
      done();
    },
    final(done) {
      raw.endWriting();
      done();
    },
  });
}
