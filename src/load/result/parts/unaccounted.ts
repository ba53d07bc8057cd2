// What a row of clients in the result says of those whose worker process or agent was lost with its account.

/** Absent without any. */
export interface UnaccountedResult {
  /** Clients of which no account came. */
  readonly unaccountedClients?: number;
  /** Deliveries that they were owed, at most. */
  readonly unaccounted?: number;
}
