// A connection on which a request was answered already, and which the server keeps for the next one.
import type { HandshakeResponse } from '../connection.ts';
import { type DialAttempt, type DialOptions, dial } from '../dial.ts';
import { parseResponseHead } from '../opening-handshake.ts';

/** What has no end by then is not waited for. */
const ANSWER_MILLIS = 500;

/** Undefined where the server does not keep it, or nobody knows where its answer ends. */
export async function openUsed(options: DialOptions, request: Uint8Array): Promise<DialAttempt | undefined> {
  const attempt = await dial(options);
  if (!attempt.ok) return attempt;
  const { connection } = attempt;
  let received: Buffer = Buffer.alloc(0);
  const isKept = await new Promise<boolean>((resolve) => {
    const timer = options.clock.after(ANSWER_MILLIS, () => resolve(false));
    const decide = (kept: boolean): void => {
      timer.cancel();
      resolve(kept);
    };
    connection.listener = {
      onBytes(buffer, start, end) {
        received = Buffer.concat([received, buffer.subarray(start, end)]);
        const head = parseResponseHead(received);
        if (head.kind === 'incomplete') return;
        if (head.kind === 'malformed' || !isKeptAfter(head.response)) return decide(false);
        if (isWhole(head.response, received.subarray(head.headBytes))) decide(true);
      },
      onClosed: () => decide(false),
    };
    connection.write(request);
    connection.start();
  });
  if (isKept && connection.isOpen) return attempt;
  connection.destroy();
  return undefined;
}

function isKeptAfter({ status, headers }: HandshakeResponse): boolean {
  return status >= 200 && !/\bclose\b/i.test(headers.connection ?? '');
}

/** RFC 9112 6.3. */
function isWhole({ status, headers }: HandshakeResponse, body: Buffer): boolean {
  if (status === 204 || status === 304) return true;
  if (/chunked/i.test(headers['transfer-encoding'] ?? ''))
    return body.toString('latin1').endsWith('0\r\n\r\n');
  return body.length === Number(headers['content-length'] ?? Number.NaN);
}
