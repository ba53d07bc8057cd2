// A connection without a socket of Node: a descriptor that is read through a ring, and written with plain system calls. Once it
// stops reading, or its peer takes no more, or the ring is lost, a socket of Node goes on with the descriptor, for good.
import type { ConnectionEnd, ConnectionListener, OpeningConnection } from '../connection.ts';
import type { SocketCalls } from '../kernel/socket-calls.ts';
import { endsOfDescriptor, type SocketEnds } from '../kernel/socket-ends.ts';
import { endOfFailure, SocketConnection } from '../socket-connection.ts';
import { SILENT_LISTENER } from '../stream-connection.ts';
import type { ReadRing } from './read-ring.ts';
import type { RingEntry, RingReader } from './ring-slot.ts';

/** While it is connecting, and while the ring gives the descriptor back, what is written waits. */
type Stage = 'connecting' | 'in the ring' | 'leaving the ring';

/** Why it leaves the ring. */
type Leaving = 'for Node' | 'to close' | 'to reset';

export interface RingConnectionParts {
  /** Of a stream socket that is connecting or connected; the connection owns it from now on. */
  readonly fd: number;
  readonly ring: ReadRing;
  readonly calls: SocketCalls;
  /** For the socket of Node. */
  readonly readBuffer: Buffer;
}

export class RingConnection implements OpeningConnection, RingReader {
  // What every read touches comes first and is adjacent: thousands of connections do not fit the cache.
  listener: ConnectionListener = SILENT_LISTENER;
  /** This side has ended it, or the ring has seen its end: the descriptor is not used any more. */
  private isEnded = false;
  private held: Buffer[] | undefined;
  private ringBytes = 0;
  /** Until its end is reported. */
  isOpen = true;
  private stage: Stage = 'connecting';
  private readonly fd: number;
  private readonly calls: SocketCalls;
  private readonly readBuffer: Buffer;
  private readonly entry: RingEntry;
  private leaving: Leaving = 'for Node';
  private node: SocketConnection | undefined;
  /** That came while bytes were held. */
  private heldEnd: ConnectionEnd | undefined;
  /** Written, and not taken by the kernel; at the end may stand that no more comes. */
  private unsent: (Uint8Array | 'end')[] | undefined;
  private hasEndedWriting = false;
  private isPaused = false;
  private isLocal = false;
  private failure: string | undefined;

  constructor({ fd, ring, calls, readBuffer }: RingConnectionParts) {
    this.fd = fd;
    this.calls = calls;
    this.readBuffer = readBuffer;
    this.entry = ring.attach(fd, this);
  }

  get bytesRead(): number {
    return this.ringBytes + (this.node?.bytesRead ?? 0);
  }

  get socketEnds(): SocketEnds | undefined {
    if (this.node) return this.node.socketEnds;
    return this.isEnded ? undefined : endsOfDescriptor(this.calls, this.fd);
  }

  /** The ring reads from the beginning. */
  start(): void {}

  hold(bytes: Buffer): void {
    this.held = bytes.length > 0 ? [bytes] : [];
    setImmediate(() => this.handOn());
  }

  write(bytes: Uint8Array): void {
    if (this.hasEndedWriting || this.isEnded) return;
    this.send(bytes);
  }

  endWriting(): void {
    if (this.hasEndedWriting || this.isEnded) return;
    this.hasEndedWriting = true;
    this.send('end');
  }

  pauseReading(): void {
    this.isPaused = true;
    if (this.node) this.node.pauseReading();
    else if (this.stage !== 'connecting') this.leave('for Node');
  }

  resumeReading(): void {
    this.isPaused = false;
    this.node?.resumeReading();
  }

  reset(): void {
    this.isLocal = true;
    if (this.node) this.node.reset();
    else this.leave('to reset');
  }

  destroy(): void {
    this.isLocal = true;
    if (this.node) this.node.destroy();
    else this.leave('to close');
  }

  /** Of the ring. */
  onConnected(): void {
    if (this.stage !== 'connecting') return;
    this.stage = 'in the ring';
    const { unsent = [] } = this;
    this.unsent = undefined;
    for (const one of unsent) this.send(one);
    if (this.isPaused) this.leave('for Node');
  }

  /** Hot: of the ring. */
  onBytes(buffer: Buffer, start: number, end: number): void {
    if (this.isEnded) return;
    this.ringBytes += end - start;
    this.take(buffer, start, end);
  }

  onEnd(): void {
    this.close({ kind: 'fin' });
  }

  onError(code: string): void {
    this.close(endOfFailure(code));
  }

  onLost(): void {
    this.goOnByNode();
  }

  private take(buffer: Buffer, start: number, end: number): void {
    if (this.held === undefined) this.listener.onBytes(buffer, start, end);
    else this.held.push(Buffer.from(buffer.subarray(start, end)));
  }

  /** What was held. It stays held until all is handed on: a listener that makes the ring read on gets those bytes in their turn. */
  private handOn(): void {
    for (const one of this.held ?? []) if (!this.isLocal) this.listener.onBytes(one, 0, one.length);
    this.held = undefined;
    if (this.heldEnd) this.over(this.heldEnd);
  }

  private send(what: Uint8Array | 'end'): void {
    if (this.node) sendBy(this.node, what);
    else if (this.stage !== 'in the ring') {
      this.unsent ??= [];
      this.unsent.push(what);
    } else if (what === 'end') this.calls.endWriting(this.fd);
    else {
      const sent = this.calls.send(this.fd, what);
      if (sent === what.length) return;
      const code = sent < 0 ? this.calls.lastError() : 'EAGAIN';
      if (code === 'EAGAIN') {
        this.unsent = [what.subarray(Math.max(0, sent))];
        this.leave('for Node');
      } else {
        // What has arrived is read first; then the ring sees the end, too, whatever the failure is.
        this.failure ??= code;
        this.calls.endBothWays(this.fd);
      }
    }
  }

  private leave(why: Leaving): void {
    if (this.isEnded) return;
    this.leaving = why;
    this.isEnded = why !== 'for Node';
    if (this.stage === 'leaving the ring') return;
    this.stage = 'leaving the ring';
    this.entry.release((failure) => {
      this.failure ??= failure;
      if (this.leaving === 'for Node') {
        this.goOnByNode();
        return;
      }
      if (this.leaving === 'to reset') this.calls.resetOnClose(this.fd);
      this.close({ kind: 'local' });
    });
  }

  private goOnByNode(): void {
    const node = new SocketConnection(this.readBuffer, this.fd);
    this.node = node;
    node.listener = {
      onBytes: (buffer, start, end) => this.take(buffer, start, end),
      onClosed: (end) => this.over(end),
    };
    if (this.isPaused) node.pauseReading();
    else node.start();
    for (const one of this.unsent ?? []) sendBy(node, one);
    this.unsent = undefined;
  }

  /** The ring does not have the descriptor any more. */
  private close(end: ConnectionEnd): void {
    this.isEnded = true;
    this.calls.close(this.fd);
    setImmediate(() => this.over(end));
  }

  private over(end: ConnectionEnd): void {
    if (this.held !== undefined) {
      this.heldEnd = end;
      return;
    }
    this.isOpen = false;
    // The kernel reports a failure once; then an end in order, or that nothing can be written.
    const isFailed = end.kind !== 'local' && this.failure !== undefined;
    this.listener.onClosed(isFailed ? endOfFailure(this.failure as string) : end);
  }
}

function sendBy(node: SocketConnection, what: Uint8Array | 'end'): void {
  if (what === 'end') node.endWriting();
  else node.write(what);
}
