// How a connection must be opened for a behaviour to show at the hub: receive window, read buffer, pace of the handshake.
import type { OpenOptions } from '../wire/connection.ts';
import { type Behaviour, isSlow, stepsOf } from './behaviour.ts';

/** Reads of a trickling client are about this many a second. */
const TRICKLE_READS_PER_SECOND = 8;

export function connectionOptionsFor(
  behaviour: Behaviour,
  forceSmallWindow: boolean,
): Pick<OpenOptions, 'window' | 'readBuffer' | 'handshakeMillis'> {
  return {
    ...(forceSmallWindow || isSlow(behaviour) ? { window: 'small' } : {}),
    ...readBufferOf(behaviour),
    ...handshakeOf(behaviour),
  };
}

/** A trickling client reads a little at a time, for which it needs a buffer of its own. */
function readBufferOf(behaviour: Behaviour): { readonly readBuffer?: Buffer } {
  const rates = stepsOf(behaviour).flatMap(({ reading }) =>
    reading.kind === 'trickle' ? [reading.bytesPerSecond] : [],
  );
  if (rates.length === 0) return {};
  const bytes = Math.ceil(Math.min(...rates) / TRICKLE_READS_PER_SECOND);
  return { readBuffer: Buffer.allocUnsafeSlow(Math.max(1, Math.min(16_384, bytes))) };
}

function handshakeOf(behaviour: Behaviour): { readonly handshakeMillis?: number } {
  const first = stepsOf(behaviour)[0]?.reading;
  return first?.kind === 'slow-handshake' ? { handshakeMillis: first.overMillis } : {};
}
