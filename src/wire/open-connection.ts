// Opens one client connection: TCP, handshake, then bytes to the listener. HOT after the handshake: reads land in one
// buffer shared by every connection of the thread, nothing is allocated per read (guarded by the receive bench).
import { lookup } from 'node:dns/promises';
import { Socket } from 'node:net';
import type { Clock } from '../time/clock.ts';
import type {
  Connection,
  ConnectionEnd,
  ConnectionListener,
  Opened,
  OpenOptions,
  ReceiveWindow,
} from './connection.ts';
import { DEFLATE_OFFER } from './deflate.ts';
import { createHandshakeRequest, findHandshakeFault, parseResponseHead } from './opening-handshake.ts';
import { openSmallWindowDescriptor } from './small-window-socket.ts';

const SHARED_READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** Opens a connection to `options.url`; answers with a value whatever happens, within the deadline. */
export async function openConnection(options: OpenOptions): Promise<Opened> {
  const url = new URL(options.url);
  const { clock, headers = [], offersDeflate = false } = options;
  const offer = offersDeflate ? [['Sec-WebSocket-Extensions', DEFLATE_OFFER] as const] : [];
  const request = createHandshakeRequest(url, [...headers, ...offer]);
  const attempt = await openSocket(url, options);
  if (!attempt.ok) return attempt;
  const { connection } = attempt;
  const deadlineMillis = options.deadlineMillis + (options.handshakeMillis ?? 0);
  return new Promise<Opened>((resolve) => {
    const timer = clock.after(deadlineMillis, () => {
      refuse('timeout', `no handshake response from ${options.url} within ${deadlineMillis} ms`);
    });
    function refuse(
      kind: 'unreachable' | 'refused' | 'dropped' | 'timeout',
      problem: string,
      response?: Opened['response'],
    ): void {
      timer.cancel();
      connection.listener = SILENT;
      connection.destroy();
      resolve({ ok: false, kind, problem, ...(response ? { response } : {}) });
    }
    let head: Buffer = Buffer.alloc(0);
    connection.listener = {
      onBytes(buffer, start, end) {
        head = Buffer.concat([head, buffer.subarray(start, end)]);
        const parsed = parseResponseHead(head);
        if (parsed.kind === 'incomplete') return;
        if (parsed.kind === 'malformed')
          return refuse('refused', `${options.url} answered with ${parsed.problem}`);
        const fault = findHandshakeFault(parsed.response, request.expectedAccept, offersDeflate);
        if (fault) return refuse('refused', `${options.url} answered ${fault}`, parsed.response);
        timer.cancel();
        connection.listener = options.listener;
        // Whoever awaits this promise gets the connection before its first message.
        connection.hold(head.subarray(parsed.headBytes));
        resolve({ ok: true, connection, window: attempt.window, response: parsed.response });
      },
      onClosed(end) {
        const kind = UNREACHABLE_CODES.has(end.code ?? '') ? 'unreachable' : 'dropped';
        refuse(kind, describeEnd(options.url, end));
      },
    };
    writeOver(connection, request.bytes, options.handshakeMillis ?? 0, clock);
    connection.start();
  });
}

const DRIBBLE_INTERVAL_MILLIS = 50;

/** Writes `bytes` in even pieces over that time, for as long as the connection is there. */
function writeOver(connection: Connection, bytes: Buffer, overMillis: number, clock: Clock): void {
  const pieces = Math.max(1, Math.ceil(overMillis / DRIBBLE_INTERVAL_MILLIS));
  const pieceBytes = Math.max(1, Math.ceil(bytes.length / pieces));
  connection.write(bytes.subarray(0, pieceBytes));
  const rest = bytes.subarray(pieceBytes);
  if (rest.length === 0) return;
  const waitMillis = overMillis / Math.ceil(bytes.length / pieceBytes);
  clock.after(waitMillis, () => {
    if (connection.isOpen) writeOver(connection, rest, overMillis - waitMillis, clock);
  });
}

function describeEnd(url: string, end: ConnectionEnd): string {
  if (end.code === 'ECONNREFUSED') return `nothing listens at ${url} (ECONNREFUSED)`;
  return `${url} ended the connection during the handshake (${end.code ?? end.kind})`;
}

const UNREACHABLE_CODES = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
]);

const SILENT: ConnectionListener = { onBytes() {}, onClosed() {} };

type SocketAttempt =
  | { readonly ok: true; readonly connection: SocketConnection; readonly window: ReceiveWindow }
  | { readonly ok: false; readonly kind: 'unreachable'; readonly problem: string };

async function openSocket(url: URL, options: OpenOptions): Promise<SocketAttempt> {
  const port = Number(url.port || 80);
  const readBuffer = options.readBuffer ?? SHARED_READ_BUFFER;
  try {
    const address = await lookup(url.hostname.replace(/^\[|\]$/g, ''));
    const fd = options.window === 'small' ? openSmallWindowDescriptor(address, port) : undefined;
    const connection = new SocketConnection(readBuffer, fd);
    if (fd === undefined) connection.connect(address.address, port);
    return { ok: true, connection, window: fd === undefined ? 'default' : 'small' };
  } catch (error) {
    return {
      ok: false,
      kind: 'unreachable',
      problem: `cannot reach ${options.url}: ${(error as Error).message}`,
    };
  }
}

/** One socket with its listener. `listener` may be exchanged at any time. */
export class SocketConnection implements Connection {
  listener: ConnectionListener = SILENT;
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
