// Connections that agreed to permessage-deflate, and what a client sends over them: the rules of frames and texts are the
// same as without, but libraries look at them in another place.
import { constants, deflateRawSync } from 'node:zlib';
import { COMPRESSED_BIT } from '../../../wire/deflate.ts';
import { encodeFrame, type FrameShape } from '../../../wire/frame-writer.ts';
import { MASK } from '../../inputs/mask.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';

export interface DeflatedClient {
  readonly client: LabClient;
  /** The hub's answer to the offer. */
  readonly agreed: string;
}

/** Undefined: the hub does not agree to compression, which it need not. */
export async function connectDeflated(lab: Lab): Promise<DeflatedClient | undefined> {
  const dialed = await lab.tryConnect({ offersDeflate: true });
  const agreed = dialed.ok ? dialed.opened.response.headers['sec-websocket-extensions'] : undefined;
  return dialed.ok && agreed ? { client: dialed.client, agreed } : undefined;
}

/** For a hub that has agreed before: it may answer another offer with none. */
export async function connectDeflatedOrPlain(lab: Lab): Promise<LabClient> {
  return (await connectDeflated(lab))?.client ?? (await lab.connect());
}

/**
 * One message, compressed with the smallest window, which whatever was agreed on allows; it refers to nothing before it, or
 * to `before`.
 */
export function deflateMessage(message: Uint8Array | string, before?: string): Buffer {
  return deflateRawSync(message, {
    windowBits: 9,
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(before === undefined ? {} : { dictionary: Buffer.from(before) }),
  }).subarray(0, -4);
}

/** A frame of a client that says that a compressed message begins here. */
export function compressedFrame(payload: Uint8Array, shape: Partial<FrameShape> = {}): Buffer {
  return encodeFrame({ opcode: 1, reservedBits: COMPRESSED_BIT, payload, mask: MASK, ...shape });
}
