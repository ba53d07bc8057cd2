// Reads a request's body within limits, or discards it so that the sender can still read the answer.
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../time/clock.ts';
import { type Answer, problem } from './http-answer.ts';

export const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** How much of a refused body is read and discarded, and for how long; then the connection is cut. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;
const DISCARD_MILLIS = 5_000;
/** A body that is not whole by then is refused: a producer that sends one byte at a time holds nothing for long. */
export const BODY_MILLIS = 20_000;

const TOO_SLOW = problem(408, `the body was not whole within ${BODY_MILLIS / 1_000} s`);

export type ReadBody = { readonly heldBytes: number } & (
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly answer: Answer }
);

/** Reads the whole body. `hold` is called with the size of every piece and returns whether there is room for it. */
export async function readBody(
  request: IncomingMessage,
  clock: Clock,
  hold: (bytes: number) => boolean,
): Promise<ReadBody> {
  const pieces: Buffer[] = [];
  let heldBytes = 0;
  let answer: Answer | undefined;
  const deadline = { clock, millis: BODY_MILLIS, onLate: () => (answer = TOO_SLOW) };
  const take = (piece: Buffer) => {
    heldBytes += piece.length;
    if (!hold(piece.length)) answer = problem(503, 'too many broadcasts at once', { 'Retry-After': '1' });
    else if (heldBytes > MAX_BODY_BYTES) answer = problem(413, `the body is over ${MAX_BODY_BYTES} bytes`);
    else pieces.push(piece);
    return answer === undefined;
  };
  const isDone = await eachPiece(request, take, deadline);
  if (answer === TOO_SLOW) return { ok: false, answer: TOO_SLOW, heldBytes };
  if (answer) {
    await discardBody(request, clock);
    return { ok: false, answer, heldBytes };
  }
  if (!isDone) return { ok: false, answer: problem(400, 'the request ended before its body did'), heldBytes };
  return { ok: true, bytes: Buffer.concat(pieces), heldBytes };
}

/** Reads on without keeping anything: a sender that is cut off while it writes never sees the answer. */
export async function discardBody(request: IncomingMessage, clock: Clock): Promise<void> {
  if (request.complete) {
    request.resume();
    return;
  }
  let discardedBytes = 0;
  const deadline = clock.after(DISCARD_MILLIS, () => request.destroy());
  await eachPiece(request, (piece) => {
    discardedBytes += piece.length;
    return discardedBytes <= MAX_DISCARDED_BYTES;
  });
  deadline.cancel();
}

interface Deadline {
  readonly clock: Clock;
  readonly millis: number;
  readonly onLate: () => void;
}

/** Hands over every piece until `take` says stop or the deadline has passed; true when the body came to its end. */
function eachPiece(
  request: IncomingMessage,
  take: (piece: Buffer) => boolean,
  deadline?: Deadline,
): Promise<boolean> {
  return new Promise((resolve) => {
    if (request.destroyed || request.readableEnded) return resolve(request.readableEnded);
    const timer = deadline?.clock.after(deadline.millis, () => {
      deadline.onLate();
      finish(false);
    });
    const onData = (piece: Buffer) => {
      if (!take(piece)) finish(false);
    };
    const onEnd = () => finish(true);
    const onCut = () => finish(false);
    function finish(isDone: boolean): void {
      timer?.cancel();
      request.off('data', onData).off('end', onEnd).off('close', onCut).off('error', onCut);
      resolve(isDone);
    }
    request.on('data', onData).on('end', onEnd).on('close', onCut).on('error', onCut);
  });
}
