// Pongs that are owed to one client. Bounded: of a flood of pings only the latest are answered, which RFC 6455
// section 5.5.3 allows, so that a client that pings and does not read costs a few hundred bytes.
import { OPCODE } from '../../wire/frame-header.ts';
import { encodeFrame } from '../../wire/frame-writer.ts';

const MAX_PONGS = 64;

export interface PongQueue {
  /** Owes a pong for this payload; true when it is the first that waits. */
  add(payload: Buffer): boolean;
  isEmpty(): boolean;
  /** The frames of all pongs owed, oldest first, which then are not owed any more. */
  takeFrames(): readonly Buffer[];
}

export function createPongQueue(): PongQueue {
  let frames: Buffer[] = [];
  return {
    add(payload) {
      if (frames.length === MAX_PONGS) frames.shift();
      frames.push(encodeFrame({ opcode: OPCODE.pong, payload }));
      return frames.length === 1;
    },
    isEmpty: () => frames.length === 0,
    takeFrames() {
      const taken = frames;
      frames = [];
      return taken;
    },
  };
}
