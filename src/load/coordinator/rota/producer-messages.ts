// What a rota and the agents that publish in turn say to each other, in order and without loss: plain data. Times are the
// coordinator's.
import type { ProducerOptions } from '../../../target/producer/http-producer.ts';
import type { BroadcastOutcome } from '../../../target/target.ts';
import type { FleetPart } from '../workers/fleet.ts';

export type ToProducer =
  /** Before the first offer, so that there is a connection to the hub in time. */
  | { readonly kind: 'open'; readonly options: ProducerOptions }
  | ({ readonly kind: 'offer' } & OfferedBlock)
  /** Every event before this block is settled. */
  | { readonly kind: 'go'; readonly block: number; readonly requestEvents: number }
  /** No further event of this block is to be sent. */
  | { readonly kind: 'end'; readonly block: number };

/** Events that are due from the first of these times to before the second; `texts` and `dues` have one entry for each. */
export interface OfferedBlock {
  readonly block: number;
  readonly fromMicros: number;
  readonly untilMicros: number;
  readonly texts: readonly string[];
  readonly dues: readonly number[];
}

export type FromProducer =
  /** Its clock is behind the coordinator's by `offsetMicros` until the block is over, and the true value is within `errorMicros`. */
  | {
      readonly kind: 'accepted';
      readonly block: number;
      readonly offsetMicros: number;
      readonly errorMicros: number;
    }
  | { readonly kind: 'declined'; readonly block: number; readonly problem: string }
  | ({ readonly kind: 'sent' } & SentRequest)
  /** Of a block that had its go: nothing more of it will be sent. */
  | { readonly kind: 'done'; readonly block: number; readonly unsent: number };

export interface SentRequest {
  readonly block: number;
  /** Of its events in the block, from 0. */
  readonly first: number;
  readonly events: number;
  readonly sentMicros: number;
  readonly answeredMicros: number;
  readonly outcome: BroadcastOutcome;
}

/** An agent that may publish. */
export interface ProducerSeat extends FleetPart {
  readonly name: string;
  /** It is there, and its clock has not contradicted what was known of it. */
  mayPublish(): boolean;
  /** The run has given it up. */
  isGone(): boolean;
  post(message: ToProducer): void;
  /** `onEnd`: it is gone, and certainly sends nothing more. */
  listen(events: { onMessage(message: FromProducer): void; onEnd(): void }): void;
  /** Of its events so many are known to be sent. */
  published(events: number): void;
  /** Why it is offered nothing more; one sentence. */
  declined(because: string): void;
}
