// Opens one client connection: TCP, then the opening handshake, then bytes go to the listener.
import type { Clock } from '../time/clock.ts';
import type {
  Connection,
  HandshakeResponse,
  HeaderLine,
  Opened,
  OpenOptions,
  OwnRequest,
  Refusal,
} from './connection.ts';
import { DEFLATE_OFFER } from './deflate.ts';
import { type DialAttempt, dial } from './dial.ts';
import { describeAnswer, describeEnd, describeMalformed } from './failure/describe-failure.ts';
import { isBodyRead } from './failure/refusal-body.ts';
import { requestUrlOf } from './hub-address.ts';
import { createHandshakeRequest, findHandshakeFault, parseResponseHead } from './opening-handshake.ts';
import { openUsed } from './request/used-connection.ts';
import { writeCut } from './request/write-cut.ts';
import { SILENT_LISTENER } from './stream-connection.ts';

/** Opens a connection to `options.url`; resolves with a value whatever happens, within the deadline. */
export async function openConnection(options: OpenOptions): Promise<Opened> {
  const before = options.request?.before;
  const used = before && (await openUsed(options, before));
  if (used?.ok !== true) return shakeHands(options, used ?? (await dial(options)));
  const opened = await shakeHands(options, used, true);
  // A server may end a connection that it keeps at any time (RFC 9112 9.5).
  return !opened.ok && opened.kind === 'dropped' ? shakeHands(options, await dial(options)) : opened;
}

/** `isStarted`: the connection is being read already. */
async function shakeHands(options: OpenOptions, attempt: DialAttempt, isStarted = false): Promise<Opened> {
  if (!attempt.ok) return attempt;
  const url = requestUrlOf(options.url);
  const { clock, shownUrl = options.url } = options;
  const request = options.request ?? createUsualRequest(url, options);
  const { connection } = attempt;
  const deadlineMillis = options.deadlineMillis + (options.handshakeMillis ?? 0);
  return new Promise<Opened>((resolve) => {
    let timer = clock.after(deadlineMillis, () => {
      const problem = `no handshake response from ${shownUrl} within ${deadlineMillis} ms`;
      refuse({ kind: 'timeout', cause: 'timeout', problem });
    });
    function refuse(refusal: Omit<Refusal, 'ok'>): void {
      timer.cancel();
      connection.listener = SILENT_LISTENER;
      connection.destroy();
      resolve({ ok: false, ...refusal });
    }
    /** Once the first lines of the body are there, which say more than a status. */
    function refuseAnswer(response: HandshakeResponse, fault: string, bytes: Buffer): void {
      let body = bytes;
      const end = () =>
        refuse({ kind: 'refused', response, ...describeAnswer(options, response, fault, body) });
      if (response.status === 101 || isBodyRead(response, body)) {
        end();
        return;
      }
      timer.cancel();
      timer = clock.after(BODY_MILLIS, end);
      connection.listener = {
        onBytes(buffer, start, stop) {
          body = Buffer.concat([body, buffer.subarray(start, stop)]);
          if (isBodyRead(response, body)) end();
        },
        onClosed: end,
      };
    }
    let head: Buffer = Buffer.alloc(0);
    connection.listener = {
      onBytes(buffer, start, end) {
        head = Buffer.concat([head, buffer.subarray(start, end)]);
        const parsed = parseResponseHead(head);
        if (parsed.kind === 'incomplete') return;
        if (parsed.kind === 'malformed') return refuse(describeMalformed(shownUrl, head, parsed.problem));
        const body = head.subarray(parsed.headBytes);
        const fault = request.findFault(parsed.response);
        if (fault) return refuseAnswer(parsed.response, fault, body);
        timer.cancel();
        connection.listener = options.listener;
        // The caller must have the connection before its first message arrives.
        connection.hold(body);
        const { address, source, window } = attempt;
        const { response } = parsed;
        resolve({ ok: true, connection, address, source, window, response, tls: connection.tls });
      },
      onClosed: (end) => refuse(describeEnd(shownUrl, end)),
    };
    if (request.cuts) void writeCut(connection, request.bytes, request.cuts, clock);
    else writeOver(connection, request.bytes, options.handshakeMillis ?? 0, clock);
    if (!isStarted) connection.start();
  });
}

/** For the body of an answer whose length is not known. */
const BODY_MILLIS = 250;

function createUsualRequest(url: URL, options: OpenOptions): OwnRequest {
  const { headers = [], subprotocols = [], offersDeflate = false } = options;
  const offers: HeaderLine[] = [
    ...(subprotocols.length > 0 ? [['Sec-WebSocket-Protocol', subprotocols.join(', ')] as const] : []),
    ...(offersDeflate ? [['Sec-WebSocket-Extensions', DEFLATE_OFFER] as const] : []),
  ];
  const { bytes, expectedAccept } = createHandshakeRequest(url, [...headers, ...offers]);
  return {
    bytes,
    findFault: (response) => findHandshakeFault(response, expectedAccept, offersDeflate, subprotocols),
  };
}

/** Between the pieces of a slow request. */
const PIECE_INTERVAL_MILLIS = 50;

/** Writes `bytes` in even pieces over that time, until the connection ends. */
function writeOver(connection: Connection, bytes: Buffer, overMillis: number, clock: Clock): void {
  const pieces = Math.max(1, Math.ceil(overMillis / PIECE_INTERVAL_MILLIS));
  const pieceBytes = Math.max(1, Math.ceil(bytes.length / pieces));
  connection.write(bytes.subarray(0, pieceBytes));
  const rest = bytes.subarray(pieceBytes);
  if (rest.length === 0) return;
  const waitMillis = overMillis / Math.ceil(bytes.length / pieceBytes);
  clock.after(waitMillis, () => {
    if (connection.isOpen) writeOver(connection, rest, overMillis - waitMillis, clock);
  });
}
