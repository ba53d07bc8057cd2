// How the bytes of a client come to the hub: each frame in one write, torn into pieces, or all frames of a moment in one
// write. TCP keeps no borders between messages, so a hub must not depend on them.
import type { Clock, Timer } from '../../../../time/clock.ts';

export interface ClientWriter {
  write(bytes: Uint8Array): void;
  /** Drops what is not written yet. */
  stop(): void;
}

/** The header and the mask of a small frame, byte by byte. */
const SINGLE_BYTES = 8;
const PIECE_PAUSE_MILLIS = 1;
/** Each torn write takes some milliseconds: the later ones of a client are whole. */
const TORN_WRITES = 12;

export function createClientWriter(
  writes: string,
  write: (bytes: Uint8Array) => void,
  clock: Clock,
): ClientWriter {
  const waiting: Uint8Array[] = [];
  let timer: Timer | undefined;
  let [left, isStopped] = [TORN_WRITES, false];

  const later = (act: () => void): void => {
    timer ??= clock.after(PIECE_PAUSE_MILLIS, () => {
      timer = undefined;
      if (!isStopped) act();
    });
  };
  function writeNext(): void {
    const piece = waiting.shift();
    if (piece !== undefined) write(piece);
    if (waiting.length > 0) later(writeNext);
  }
  function writeAll(): void {
    write(Buffer.concat(waiting.splice(0)));
  }

  return {
    write(bytes) {
      if (isStopped) return;
      if (writes === 'joined') {
        waiting.push(bytes);
        later(writeAll);
      } else if (writes === 'torn' && (left > 0 || waiting.length > 0)) {
        waiting.push(...(left-- > 0 ? tear(bytes) : [bytes]));
        later(writeNext);
      } else write(bytes);
    },
    stop() {
      isStopped = true;
      timer?.cancel();
    },
  };
}

function tear(bytes: Uint8Array): Uint8Array[] {
  const singles = Array.from(bytes.subarray(0, SINGLE_BYTES), (_, at) => bytes.subarray(at, at + 1));
  const rest = bytes.subarray(SINGLE_BYTES);
  const half = rest.length >> 1;
  return [...singles, rest.subarray(0, half), rest.subarray(half)].filter(({ length }) => length > 0);
}
