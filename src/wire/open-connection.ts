// Opens one client connection: TCP, then the opening handshake, then bytes go to the listener.
import type { Clock } from '../time/clock.ts';
import type { Connection, ConnectionEnd, HeaderLine, Opened, OpenOptions, OwnRequest } from './connection.ts';
import { DEFLATE_OFFER } from './deflate.ts';
import { dial } from './dial.ts';
import { requestUrlOf } from './hub-address.ts';
import { createHandshakeRequest, findHandshakeFault, parseResponseHead } from './opening-handshake.ts';
import { SILENT_LISTENER } from './stream-connection.ts';

/** Opens a connection to `options.url`; resolves with a value whatever happens, within the deadline. */
export async function openConnection(options: OpenOptions): Promise<Opened> {
  const url = requestUrlOf(options.url);
  const { clock, shownUrl = options.url } = options;
  const request = options.request ?? createUsualRequest(url, options);
  const attempt = await dial(options);
  if (!attempt.ok) return attempt;
  const { connection } = attempt;
  const deadlineMillis = options.deadlineMillis + (options.handshakeMillis ?? 0);
  return new Promise<Opened>((resolve) => {
    const timer = clock.after(deadlineMillis, () => {
      refuse('timeout', `no handshake response from ${shownUrl} within ${deadlineMillis} ms`);
    });
    function refuse(
      kind: 'unreachable' | 'refused' | 'dropped' | 'timeout',
      problem: string,
      response?: Opened['response'],
    ): void {
      timer.cancel();
      connection.listener = SILENT_LISTENER;
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
          return refuse('refused', `${shownUrl} answered with ${parsed.problem}`);
        const fault = request.findFault(parsed.response);
        if (fault) return refuse('refused', `${shownUrl} answered ${fault}`, parsed.response);
        timer.cancel();
        connection.listener = options.listener;
        // The caller must have the connection before its first message arrives.
        connection.hold(head.subarray(parsed.headBytes));
        const { address, window } = attempt;
        resolve({ ok: true, connection, address, window, response: parsed.response, tls: connection.tls });
      },
      onClosed(end) {
        const isUnreachable = end.problem !== undefined || UNREACHABLE_CODES.has(end.code ?? '');
        const kind = isUnreachable ? 'unreachable' : 'dropped';
        refuse(kind, describeEnd(shownUrl, end));
      },
    };
    writeOver(connection, request.bytes, options.handshakeMillis ?? 0, clock);
    connection.start();
  });
}

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

function describeEnd(url: string, end: ConnectionEnd): string {
  if (end.problem !== undefined) return `${url}: ${end.problem}`;
  if (end.code === 'ECONNREFUSED' || end.code === 'ENOENT') return `nothing listens at ${url} (${end.code})`;
  return `${url} ended the connection during the handshake (${end.code ?? end.kind})`;
}

const UNREACHABLE_CODES = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'EACCES',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
]);
