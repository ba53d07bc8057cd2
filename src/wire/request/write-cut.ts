// Writes the bytes of a request in pieces, a few milliseconds apart, so that each arrives on its own.
import type { Clock } from '../../time/clock.ts';
import type { Connection } from '../connection.ts';

const PIECE_PAUSE_MILLIS = 5;
/** A connection may still be on its way; on a Unix socket nobody knows, so not for long. */
const MOST_PAUSES_FOR_CONNECTION = 20;

/** The places in between that make so many pieces of about equal length. */
export function evenCuts(length: number, pieces: number): readonly number[] {
  const pieceBytes = Math.max(1, Math.ceil(length / pieces));
  return Array.from({ length: Math.ceil(length / pieceBytes) - 1 }, (_, at) => (at + 1) * pieceBytes);
}

/** The bytes between `cuts`, which are places inside them, ascending; the same place twice is an empty piece. */
export function piecesBetween(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  return [...cuts, bytes.length].map((end, at) => bytes.subarray(cuts[at - 1] ?? 0, end));
}

/** `cuts` are places inside the bytes, ascending. Resolves when all is written, or the connection is over. */
export function writeCut(
  connection: Connection,
  bytes: Uint8Array,
  cuts: readonly number[],
  clock: Clock,
): Promise<void> {
  if (cuts.length === 0) {
    connection.write(bytes);
    return Promise.resolve();
  }
  const starts = [0, ...cuts];
  return new Promise((resolve) => {
    let [at, pauses] = [0, 0];
    const step = (): void => {
      if (!connection.isOpen) {
        resolve();
        return;
      }
      const isOnItsWay = at > 0 && connection.socketEnds === undefined;
      if (!isOnItsWay || pauses++ >= MOST_PAUSES_FOR_CONNECTION) {
        connection.write(bytes.subarray(starts[at], starts[at + 1]));
        at++;
      }
      if (at < starts.length) clock.after(PIECE_PAUSE_MILLIS, step);
      else resolve();
    };
    step();
  });
}
