// Pongs of a client that reads out what was left behind a stall. Its hub may have closed the socket long ago, and a Pong
// to a closed socket is answered with a reset, which destroys what the kernels still hold and is evidence. So pings
// are answered when nothing more comes, the last one alone (RFC 6455 section 5.5.3).
import type { Clock, Timer } from '../time/clock.ts';

const QUIET_MILLIS = 100;
/** Hubs wait for a Pong longer than this: ten looks. */
const MOST_LOOKS = 10;

export interface DeferredPongParts {
  readonly clock: Clock;
  /** Bytes read so far. */
  readonly bytesRead: () => number;
  readonly answer: (payload: Buffer) => void;
}

export class DeferredPong {
  private readonly parts: DeferredPongParts;
  private payload: Buffer | undefined;
  private timer: Timer | undefined;

  constructor(parts: DeferredPongParts) {
    this.parts = parts;
  }

  /** It begins to read out. Who stops and reads on again and again puts no answer off for ever. */
  begin(): void {
    if (this.timer === undefined) this.look(MOST_LOOKS);
  }

  onPing(payload: Buffer): void {
    if (this.timer === undefined) this.parts.answer(payload);
    else this.payload = payload;
  }

  /** The connection is over. */
  cancel(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.payload = undefined;
  }

  private look(looksLeft: number): void {
    const before = this.parts.bytesRead();
    this.timer = this.parts.clock.after(QUIET_MILLIS, () => {
      if (looksLeft > 1 && this.parts.bytesRead() !== before) this.look(looksLeft - 1);
      else this.finish();
    });
  }

  private finish(): void {
    const { payload } = this;
    this.cancel();
    if (payload !== undefined) this.parts.answer(payload);
  }
}
