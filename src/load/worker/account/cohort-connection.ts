// One connection of a client of a cohort: what its counts and accounts are taken from.
import type { ListeningClient } from '../../../client/listening-client.ts';
import type { ClientLedger } from '../../../ledger/ledger.ts';
import type { TlsFacts } from '../../../wire/tls/tls-facts.ts';

export type CohortClient = Pick<
  ListeningClient,
  | 'isOpen'
  | 'isStalled'
  | 'socketEnds'
  | 'bytesRead'
  | 'facts'
  | 'drain'
  | 'leave'
  | 'close'
  | 'probeLiveness'
>;

/** One connection of a client. */
export interface CohortConnection {
  /** Of the client in its cohort, over all workers. */
  readonly number: number;
  readonly client: CohortClient;
  readonly ledger: ClientLedger;
}

/** How a connection was made. */
export interface Admission {
  readonly tls?: TlsFacts | undefined;
  /** What the host was resolved to. */
  readonly address?: string | undefined;
  /** Where it came from; undefined: the system chose. */
  readonly source?: string | undefined;
  /** What the hub chose of those that were offered, empty for none; undefined where none were. */
  readonly subprotocol?: string | undefined;
}
