// Pongs of a client that drains after a stall. The hub may have closed the socket already, and a Pong to a closed
// socket causes a reset, which destroys the evidence that the kernels still hold. So pings are answered only when no
// more bytes arrive, and only the last one (RFC 6455 section 5.5.3).
import type { Clock, Timer } from '../time/clock.ts';

const QUIET_MILLIS = 100;
/** Hubs wait for a Pong longer than this: ten looks. */
const MOST_LOOKS = 10;

export interface PongSender {
  readonly clock: Clock;
  /** So far. */
  readonly bytesRead: number;
  sendPong(payload: Buffer): void;
}

export class DeferredPong {
  private readonly sender: PongSender;
  private payload: Buffer | undefined;
  private timer: Timer | undefined;

  constructor(sender: PongSender) {
    this.sender = sender;
  }

  /** It begins to drain. Stopping and draining again does not postpone the answer. */
  begin(): void {
    if (this.timer === undefined) this.look(MOST_LOOKS);
  }

  onPing(payload: Buffer): void {
    if (this.timer === undefined) this.sender.sendPong(payload);
    else this.payload = payload;
  }

  /** The connection is over. */
  cancel(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.payload = undefined;
  }

  private look(looksLeft: number): void {
    const before = this.sender.bytesRead;
    this.timer = this.sender.clock.after(QUIET_MILLIS, () => {
      if (looksLeft > 1 && this.sender.bytesRead !== before) this.look(looksLeft - 1);
      else this.finish();
    });
  }

  private finish(): void {
    const { payload } = this;
    this.cancel();
    if (payload !== undefined) this.sender.sendPong(payload);
  }
}
