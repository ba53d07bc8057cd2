// What agents and coordinator need of a messaging system: subjects, requests, and nothing that keeps messages. Messages may be lost
// while a connection is made again; those of one sender on one subject otherwise keep their order.

export interface Bus {
  /** The longest message that the server takes. */
  readonly maxPayloadBytes: number;
  publish(subject: string, payload: Uint8Array): void;
  /** What `answer` returns, if anything, goes back to who asked. */
  subscribe(subject: string, answer: (payload: Uint8Array) => Uint8Array | undefined): Subscription;
  /** Undefined where no answer comes in time, or nobody listens. */
  request(subject: string, payload: Uint8Array, deadlineMillis: number): Promise<Uint8Array | undefined>;
  /** Why messages cannot pass although there is a connection: what the account lacks, one sentence; undefined where nothing is refused. */
  refusal(): string | undefined;
  /** Resolves with it. */
  readonly refused: Promise<string>;
  /** Why there is no connection now, one sentence; undefined while there is one. */
  problem(): string | undefined;
  /** Resolves with one sentence when there will be no connection any more. */
  readonly died: Promise<string>;
  close(): Promise<void>;
}

export interface Subscription {
  end(): void;
}
