// What a result says of the HTTP side: one entry for each path that was loaded.

export interface HttpOutcome {
  readonly path: string;
  readonly expectedStatus: number;
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p99Millis: number;
  readonly errors: number;
  readonly unexpectedStatuses: number;
}
