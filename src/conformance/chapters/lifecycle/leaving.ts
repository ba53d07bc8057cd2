// The ways in which clients leave: in order, with a reset as a crashed process, and with a FIN and no Close.
import { OPCODE } from '../../../wire/frame-header.ts';
import { encodeClosePayload } from '../../../wire/frame-writer.ts';
import type { LabClient } from '../../lab/lab-client.ts';

type Leave = (client: LabClient) => void;

export const leaveInOrder: Leave = (client) => client.send(OPCODE.close, encodeClosePayload(1_000));
export const leaveWithReset: Leave = (client) => client.reset();
export const leaveWithFin: Leave = (client) => client.endWriting();

/** Each client in the next of these ways. */
export function leaveInTurn(
  clients: readonly LabClient[],
  ways: readonly Leave[] = [leaveWithReset, leaveInOrder, leaveWithFin],
): void {
  for (const [index, client] of clients.entries()) ways[index % ways.length]?.(client);
}
