// One client's ledger: a reader of each of its connections, and one account over all of them.
import type { FrameLog } from '../events/event-log.ts';
import type { DeliveryRecorder } from '../latency/delivery-recorder.ts';
import type { ClientLedger, ControlListener } from '../ledger.ts';
import type { RefusedEvents } from '../refused-events.ts';
import { LogReader } from './log-reader.ts';

/** A connection of a client that may come back, or has come back. */
export interface ClientReturn {
  /** The ledger of the client's connection before; the new one continues its account. */
  readonly before?: ClientLedger | undefined;
  readonly nowMicros: number;
  readonly refused: RefusedEvents;
  /** The first event on this connection that is not older than what the client had. */
  readonly onFirst?: (sequence: number) => void;
}

/** `listener` receives control frames; the ledger itself only keeps the code of the first Close. */
export function createClientLedger(
  log: FrameLog,
  recorder: DeliveryRecorder,
  listener?: ControlListener,
  returning?: ClientReturn,
): ClientLedger {
  const before = returning?.before;
  const reader = new LogReader(log, recorder, listener, before instanceof LogReader ? before : undefined);
  if (returning) reader.begin(returning.nowMicros, returning.refused, returning.onFirst);
  return reader;
}
