// One client of a check: records what it receives, answers as a client must, and lets a check wait for what it wants to
// see. It may also stop reading, or send any bytes.
import { DeferredPong } from '../../client/deferred-pong.ts';
import { closeProblem } from '../../ledger/client/close-frame.ts';
import type { Recorded } from '../../session/recorded.ts';
import { createRecorder, type KeepTexts } from '../../session/recorder.ts';
import type { SeriesReader } from '../../session/series.ts';
import type { Waiter } from '../../session/wait-until.ts';
import { decodeWireFrame, describeSentFrame } from '../../session/wire-frame.ts';
import type { WireFact, WireLog } from '../../session/wire-log.ts';
import type { Clock } from '../../time/clock.ts';
import type { Connection, ConnectionEnd, ReceiveWindow } from '../../wire/connection.ts';
import type { Inflater } from '../../wire/deflate.ts';
import { OPCODE } from '../../wire/frame-header.ts';
import { encodeClientFrame } from '../../wire/frame-writer.ts';
import type { SocketEnds } from '../../wire/kernel/socket-ends.ts';
import type { SharedWindow, WindowReader } from './window/shared-window.ts';

export interface ClientEnd extends ConnectionEnd {
  readonly atMillis: number;
  /** The stream ended inside a frame or a fragmented message. */
  readonly isTorn: boolean;
}

export interface LabClient {
  /** A, B, C … in the order of opening; for evidence. */
  readonly name: string;
  readonly window: ReceiveWindow;
  readonly isOpen: boolean;
  readonly isReading: boolean;
  /** When it last stopped reading; undefined while it reads. */
  readonly stoppedAtMillis: number | undefined;
  /** It has stopped reading at some time. */
  readonly hasStopped: boolean;
  /** Bytes of the check's own making, or a Close that is illegal, were sent. */
  readonly isProvoking: boolean;
  readonly bytesRead: number;
  /** This side's port while connected. */
  readonly socketEnds: SocketEnds | undefined;
  /** Everything that came in. */
  readonly record: Recorded;
  readonly wireLog: WireLog;
  /** With compression agreed on: what has been read through it. */
  readonly inflater: () => Inflater | undefined;
  /** Set once the connection is over. */
  readonly end: ClientEnd | undefined;
  /** Resolves true as soon as `holds` does, false when the time is over or the connection is. */
  until(holds: () => boolean, what: string, deadlineMillis?: number): Promise<boolean>;
  /** Resolves with how the connection ended, or undefined when it has not within the time. */
  untilClosed(deadlineMillis?: number): Promise<ClientEnd | undefined>;
  /** Sends a Ping and resolves true when a Pong with the same body comes back. */
  ping(body?: string | Uint8Array, deadlineMillis?: number): Promise<boolean>;
  /** A legal masked frame. */
  send(opcode: number, payload?: Uint8Array | string): void;
  /** Any bytes; `what` says in the log what they are. */
  sendRaw(bytes: Uint8Array, what: string): void;
  /** The beginning of a frame: what else this client sends, such as a Pong, waits for the next `sendRaw`. */
  sendPart(bytes: Uint8Array, what: string): void;
  /** Stops reading at the socket. */
  stopReading(): void;
  resumeReading(): void;
  /** Reads on and never stops again: what waits is read through a window of ordinary size, hundreds of KiB at a time. */
  readOn(): void;
  endWriting(): void;
  reset(): void;
  destroy(): void;
}

export interface ClientParts {
  readonly name: string;
  readonly wireLog: WireLog;
  readonly series: SeriesReader;
  readonly keepTexts: KeepTexts | undefined;
  readonly inflater: () => Inflater | undefined;
  readonly waiter: Waiter;
  /** What is published waits for this client while it reads. */
  readonly eventWindow: SharedWindow;
  readonly clock: Clock;
  readonly elapsedMillis: () => number;
  /** Whether Pings and a Close are answered as a client must; a check may want a client that does not. */
  readonly isPolite: boolean;
}

/** What the connection reports goes in here; see openLabClient. */
export interface ClientRecorder {
  readonly client: LabClient;
  attach(connection: Connection, window: ReceiveWindow): void;
  onBytes(buffer: Buffer, start: number, end: number): void;
  onClosed(end: ConnectionEnd): void;
}

export function createLabClient(parts: ClientParts): ClientRecorder {
  const { name, wireLog, waiter, clock, elapsedMillis } = parts;
  let connection: Connection | undefined;
  let window: ReceiveWindow = 'default';
  let stoppedAtMillis: number | undefined;
  let [isProvoking, isInsideFrame, hasSentClose, hasStopped] = [false, false, false, false];
  const waiting: (() => void)[] = [];
  let end: ClientEnd | undefined;
  let pings = 0;
  let windowReader: WindowReader | undefined;
  const pongs = new DeferredPong({
    clock,
    get bytesRead() {
      return connection?.bytesRead ?? 0;
    },
    sendPong: (payload) => client.send(OPCODE.pong, payload),
  });

  const record = createRecorder({
    series: parts.series,
    judges: 'own',
    keepTexts: parts.keepTexts,
    inflater: parts.inflater,
    log: wireLog,
    onMessage: (payload) => windowReader?.sawMessage(payload),
    onControl: answer,
  });

  /** Pings, and the first Close with its code only, unless this client has sent one (RFC 6455 5.5.1). */
  function answer(opcode: number, payload: Buffer): void {
    if (!parts.isPolite) return;
    if (opcode === OPCODE.ping) pongs.onPing(payload);
    else if (opcode === OPCODE.close && record.closes.length === 1 && !hasSentClose)
      client.send(OPCODE.close, payload.subarray(0, 2));
  }

  function write(bytes: Uint8Array, what: string): void {
    if (!connection?.isOpen) return;
    wireLog.add('out', what, decodeWireFrame(bytes));
    connection.write(bytes);
  }

  function act(what: string, action: () => void, fact?: WireFact): void {
    if (!connection?.isOpen) return;
    wireLog.add('kit', what, undefined, fact);
    action();
  }

  const client: LabClient = {
    name,
    get window() {
      return window;
    },
    wireLog,
    record,
    inflater: parts.inflater,
    get isOpen() {
      return end === undefined && connection !== undefined;
    },
    get isReading() {
      return stoppedAtMillis === undefined;
    },
    get stoppedAtMillis() {
      return stoppedAtMillis;
    },
    get hasStopped() {
      return hasStopped;
    },
    get isProvoking() {
      return isProvoking;
    },
    get bytesRead() {
      return connection?.bytesRead ?? 0;
    },
    get socketEnds() {
      return connection?.socketEnds;
    },
    get end() {
      return end;
    },
    until(holds, what, deadlineMillis) {
      const isHopeless = (): boolean => end !== undefined;
      return waiter.until(holds, { what: `${what} (client ${name})`, isHopeless, deadlineMillis });
    },
    async untilClosed(deadlineMillis) {
      await client.until(() => end !== undefined, 'the end of the connection', deadlineMillis);
      return end;
    },
    ping(body = `p${++pings}`, deadlineMillis) {
      const [wanted, before] = [Buffer.from(body), record.pongs.length];
      client.send(OPCODE.ping, wanted);
      const hasPong = (): boolean => record.pongs.slice(before).some((pong) => pong.payload.equals(wanted));
      return client.until(hasPong, `Pong ${JSON.stringify(wanted.toString('utf8', 0, 40))}`, deadlineMillis);
    },
    send(opcode, payload = '') {
      if (isInsideFrame) return void waiting.push(() => client.send(opcode, payload));
      isProvoking ||= opcode === OPCODE.close && closeProblem(Buffer.from(payload)) !== undefined;
      hasSentClose ||= opcode === OPCODE.close;
      if (opcode === OPCODE.close) windowReader?.leave();
      write(encodeClientFrame(opcode, payload), describeSentFrame(opcode, payload));
    },
    sendRaw(bytes, what) {
      client.sendPart(bytes, what);
      isInsideFrame = false;
      for (const send of waiting.splice(0)) send();
    },
    sendPart(bytes, what) {
      [isProvoking, isInsideFrame] = [true, true];
      write(bytes, what);
    },
    stopReading: () =>
      act(
        'stops reading',
        () => {
          [stoppedAtMillis, hasStopped] = [elapsedMillis(), true];
          windowReader?.pause();
          connection?.pauseReading();
        },
        { kind: 'stall' },
      ),
    resumeReading: () =>
      act('reads again', () => {
        stoppedAtMillis = undefined;
        pongs.begin();
        windowReader?.resume();
        connection?.resumeReading();
      }),
    readOn() {
      if (window === 'small') connection?.widenWindow?.();
      client.resumeReading();
    },
    endWriting: () => act('FIN: ends its writing', () => connection?.endWriting()),
    reset: () => act('RST: resets the connection', () => connection?.reset()),
    destroy: () => connection?.destroy(),
  };

  return {
    client,
    attach(opened, openedWindow) {
      [connection, window] = [opened, openedWindow];
      windowReader = parts.eventWindow.addReader();
      wireLog.add('kit', `connected (${window} window)`);
    },
    onBytes(buffer, start, stop) {
      record.read(buffer.subarray(start, stop), clock.nowMicros());
      if (record.closes.length > 0 || record.faults.length > 0) windowReader?.leave();
      waiter.poke();
    },
    onClosed(ended) {
      pongs.cancel();
      windowReader?.leave();
      end = { ...ended, atMillis: elapsedMillis(), isTorn: record.hasPartial };
      const code = ended.code === undefined ? '' : ` (${ended.code})`;
      const torn = `${end.isTorn ? ', inside a frame' : ''}${ended.isRecordTorn ? ', inside a TLS record' : ''}`;
      wireLog.add(ended.kind === 'local' ? 'kit' : 'in', ended.kind + code + torn);
      waiter.poke();
    },
  };
}
