// One client of a program: records strictly what it receives, answers as a client must, and may stop reading or send
// any bytes. What it recorded is judged later.

import { constants, deflateRawSync } from 'node:zlib';
import { DeferredPong } from '../../../client/deferred-pong.ts';
import type { Recorded } from '../../../session/recorded.ts';
import { createRecorder } from '../../../session/recorder.ts';
import type { SeriesReader } from '../../../session/series.ts';
import type { Waiter } from '../../../session/wait-until.ts';
import type { Clock } from '../../../time/clock.ts';
import type { ConnectAs, Connection, ConnectionEnd, ReceiveWindow } from '../../../wire/connection.ts';
import { createInflater, type Inflater } from '../../../wire/deflate.ts';
import { OPCODE } from '../../../wire/frame-header.ts';
import { encodeClientFrame, encodeClosePayload } from '../../../wire/frame-writer.ts';
import type { SocketEnds } from '../../../wire/kernel/socket-ends.ts';
import { openConnection } from '../../../wire/open-connection.ts';
import type { Deflate } from '../../inputs/client-traffic.ts';
import type { ClientHandshake } from '../../inputs/handshakes/client-handshake.ts';
import { createClientWriter } from './traffic/client-writer.ts';

export interface ExploreClientParts {
  readonly connectAs: ConnectAs;
  readonly handshake: ClientHandshake;
  readonly series: SeriesReader;
  readonly judges: 'own' | 'all';
  readonly keepsTexts: boolean;
  readonly waiter: Waiter;
  readonly clock: Clock;
  readonly window: ReceiveWindow;
  /** How its bytes are written. */
  readonly writes: string;
  readonly deadlineMillis: number;
}

interface ClientEnd extends ConnectionEnd {
  readonly atMicros: number;
}

export interface ExploreClient {
  readonly record: Recorded;
  readonly window: ReceiveWindow;
  readonly isOpen: boolean;
  readonly isReading: boolean;
  /** Compresses what this client sends; undefined where nothing was agreed on. */
  readonly deflate: Deflate | undefined;
  readonly socketEnds: SocketEnds | undefined;
  readonly end: ClientEnd | undefined;
  /** This side wants the connection to end, or ended it. */
  readonly hasLeft: boolean;
  sendRaw(bytes: Uint8Array): void;
  stopReading(): void;
  resumeReading(): void;
  /** An unsolicited Pong: a socket that the hub has closed answers with a reset. */
  probeLiveness(): void;
  leave(how: 'close' | 'fin' | 'reset' | 'destroy'): void;
}

/** A hub may demand a smaller window (RFC 7692 7.1.2.2); zlib has none below 9 bits. */
export function createDeflate(agreed: string): Deflate {
  const bits = Number(/client_max_window_bits="?(\d+)/i.exec(agreed)?.[1] ?? 15);
  const options = { finishFlush: constants.Z_SYNC_FLUSH, windowBits: Math.max(9, bits) };
  // The last four bytes are the same in every message and left out (7.2.1).
  return (message) => deflateRawSync(message, options).subarray(0, -4);
}

export type OpenedClient =
  | { readonly ok: true; readonly client: ExploreClient }
  | {
      readonly ok: false;
      readonly kind: 'unreachable' | 'refused' | 'dropped' | 'timeout';
      readonly problem: string;
      readonly status: number | undefined;
    };

export async function openExploreClient(parts: ExploreClientParts): Promise<OpenedClient> {
  const { clock, waiter } = parts;
  let connection: Connection | undefined;
  let inflater: Inflater | undefined;
  let end: ClientEnd | undefined;
  let [isReading, hasLeft] = [true, false];
  const writer = createClientWriter(parts.writes, (bytes) => connection?.write(bytes), clock);
  const pongs = new DeferredPong({
    clock,
    get bytesRead() {
      return connection?.bytesRead ?? 0;
    },
    sendPong: (payload) => writer.write(encodeClientFrame(OPCODE.pong, payload)),
  });
  const record = createRecorder({
    series: parts.series,
    judges: parts.judges,
    keepTexts: parts.keepsTexts ? 'own' : 'none',
    inflater: () => inflater,
    onControl(opcode, payload) {
      if (opcode === OPCODE.ping) pongs.onPing(payload);
      else if (opcode === OPCODE.close && record.closes.length === 1 && !hasLeft)
        writer.write(encodeClientFrame(OPCODE.close, payload.subarray(0, 2)));
    },
  });
  const opened = await openConnection({
    ...parts.connectAs,
    clock,
    deadlineMillis: parts.deadlineMillis,
    window: parts.window,
    request: parts.handshake,
    listener: {
      onBytes(buffer, start, stop) {
        record.read(buffer.subarray(start, stop), clock.nowMicros());
        waiter.poke();
      },
      onClosed(ended) {
        pongs.cancel();
        writer.stop();
        end = { ...ended, atMicros: clock.nowMicros() };
        waiter.poke();
      },
    },
  });
  if (!opened.ok)
    return { ok: false, kind: opened.kind, problem: opened.problem, status: opened.response?.status };
  connection = opened.connection;
  const agreed = opened.response.headers['sec-websocket-extensions'];
  if (agreed) inflater = createInflater(agreed);
  return { ok: true, client: createClient(opened.connection, opened.window) };

  function createClient(open: Connection, window: ReceiveWindow): ExploreClient {
    return {
      record,
      window,
      get isOpen() {
        return end === undefined;
      },
      get isReading() {
        return isReading;
      },
      deflate: inflater && createDeflate(agreed ?? ''),
      get socketEnds() {
        return open.socketEnds;
      },
      get end() {
        return end;
      },
      get hasLeft() {
        return hasLeft;
      },
      sendRaw: (bytes) => writer.write(bytes),
      stopReading() {
        isReading = false;
        open.pauseReading();
      },
      resumeReading() {
        isReading = true;
        pongs.begin();
        open.resumeReading();
      },
      probeLiveness: () => writer.write(encodeClientFrame(OPCODE.pong)),
      leave(how) {
        hasLeft = true;
        if (how === 'close') {
          writer.write(encodeClientFrame(OPCODE.close, encodeClosePayload(1000, 'bye')));
          return;
        }
        writer.stop();
        if (how === 'fin') open.endWriting();
        else if (how === 'reset') open.reset();
        else open.destroy();
      },
    };
  }
}
