// What goes through a channel: numbered messages, and questions about those that are missing or too long.
import type { LongMessage } from './pieces.ts';
import { isCount, isRecord, isText, readMessage } from './readable.ts';

export interface Envelope {
  readonly run: string;
  /** Of its sender, from 1. */
  readonly number: number;
  readonly atMicros: number;
  readonly body?: unknown;
  /** In place of a body that is too long. */
  readonly long?: LongMessage;
}

export type Question =
  | { readonly kind: 'again'; readonly from: number }
  | { readonly kind: 'piece'; readonly number: number; readonly at: number };

export interface AgainAnswer {
  readonly isKept: boolean;
}

export const readEnvelope = (payload: Uint8Array) =>
  readMessage<Envelope>(
    payload,
    ({ run, number, long }) => isText(run) && isCount(number, 1) && (long === undefined || isLong(long)),
  );

export const readQuestion = (payload: Uint8Array) =>
  readMessage<Question>(
    payload,
    ({ kind, from, number, at }) =>
      (kind === 'again' && isCount(from, 1)) || (kind === 'piece' && isCount(number, 1) && isCount(at)),
  );

export const readAgainAnswer = (payload: Uint8Array) =>
  readMessage<AgainAnswer>(payload, ({ isKept }) => typeof isKept === 'boolean');

function isLong(value: unknown): boolean {
  return isRecord(value) && isCount(value.bytes) && isCount(value.pieceBytes, 1) && isText(value.sha256);
}
