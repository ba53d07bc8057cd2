// Pongs to send to one client. Bounded: of many pings only the latest are answered, which RFC 6455 section 5.5.3
// allows, so that a client that pings and does not read costs a few hundred bytes.
import { OPCODE } from '../../wire/frame-header.ts';
import { encodeFrame } from '../../wire/frame-writer.ts';

const MAX_PONGS = 64;

export interface PongQueue {
  /** Adds a pong with this payload; true when the queue was empty. */
  add(payload: Buffer): boolean;
  isEmpty(): boolean;
  /** Removes and returns the frames of all queued pongs, oldest first. */
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
