// The ways in which clients leave: in order, with a reset as a crashed process, and with a FIN and no Close, also in the middle
// of a message or a frame.
import { OPCODE } from '../../../wire/frame-header.ts';
import { encodeClosePayload, encodeFrame } from '../../../wire/frame-writer.ts';
import { MASK } from '../../inputs/mask.ts';
import type { LabClient } from '../../lab/lab-client.ts';

type Leave = (client: LabClient) => void;

export const leaveInOrder: Leave = (client) => client.send(OPCODE.close, encodeClosePayload(1_000));
export const leaveWithReset: Leave = (client) => client.reset();
export const leaveWithFin: Leave = (client) => client.endWriting();

const begin = (opcode: number, isFinal: boolean): Buffer =>
  encodeFrame({ opcode, isFinal, payload: Buffer.from('not the whole'), mask: MASK });
const FIRST_FRAGMENT = begin(OPCODE.text, false);
const HALF_A_FRAME = begin(OPCODE.binary, true).subarray(0, 9);

const after =
  (bytes: Buffer, what: string, leave: Leave): Leave =>
  (client) => {
    client.sendRaw(bytes, what);
    leave(client);
  };
const inText = (leave: Leave): Leave => after(FIRST_FRAGMENT, 'the first fragment of a text', leave);
const inFrame = (leave: Leave): Leave => after(HALF_A_FRAME, 'half a frame', leave);

/** Also in the middle of what they send. */
export const EVERY_WAY: readonly Leave[] = [
  ...[leaveWithReset, leaveInOrder, leaveWithFin],
  ...[inText(leaveWithFin), inText(leaveInOrder), inText(leaveWithReset)],
  ...[inFrame(leaveWithFin), inFrame(leaveWithReset)],
];

/** Each client in the next of these ways. */
export function leaveInTurn(
  clients: readonly LabClient[],
  ways: readonly Leave[] = [leaveWithReset, leaveInOrder, leaveWithFin],
): void {
  for (const [index, client] of clients.entries()) ways[index % ways.length]?.(client);
}
