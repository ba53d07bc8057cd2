// A hub with two writers on one connection: events go out in pieces, and a Pong does not wait for the last of them.
import { encodeFrame, OPCODE } from './frames.ts';
import type { HookableHub } from './hookable-hub.ts';
import type { HubClient } from './hub-client.ts';
import type { HubChange } from './hub-hooks.ts';

/** `writePiece` writes one piece and calls `next` when the one after it may follow. */
export function pongBetweenPieces(
  pieceBytes: number,
  writePiece: (client: HubClient, piece: Buffer, next: () => void) => void,
): HubChange<HookableHub> {
  return (hub, correct) => {
    const halfWritten = new WeakSet<HubClient>();
    return {
      writeFrame(client, frame, kind, done) {
        if (frame.length <= pieceBytes) {
          halfWritten.delete(client);
          correct.writeFrame(client, frame, kind, done);
          return;
        }
        halfWritten.add(client);
        writePiece(client, frame.subarray(0, pieceBytes), () =>
          hub.hooks.writeFrame(client, frame.subarray(pieceBytes), kind, done),
        );
      },
      onPing(client, payload, isInsideMessage) {
        if (halfWritten.has(client)) client.socket.write(encodeFrame(OPCODE.pong, payload));
        else correct.onPing(client, payload, isInsideMessage);
      },
    };
  };
}
