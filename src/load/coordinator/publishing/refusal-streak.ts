// Requests that the hub refused in a row: whether its broadcast route refuses everything, from the start or for good.
// Apart from the counts of single refusals, which are no reason to end a run.

/** These say that the request itself is wrong: a redirect, missing rights, another path, method or content type. */
const SETUP_STATUSES: ReadonlySet<number> = new Set([
  ...[301, 302, 303, 307, 308],
  ...[401, 403, 404, 405, 407, 410, 415, 501],
]);
/** With any other status the route may take the next event: so many requests, over so long, are given to it. */
const LEAST_REQUESTS = 5;
const LEAST_MICROS = 5_000_000;

export interface RefusalStreak {
  readonly requests: number;
  readonly firstSequence: number;
  readonly micros: number;
  readonly reason: string;
}

export interface RefusalStreaks {
  /** A request was answered at this moment; `reason` is that of a refusal. */
  add(answer: {
    readonly atMicros: number;
    readonly firstSequence: number;
    readonly refusal?: { readonly status: number | undefined; readonly reason: string } | undefined;
  }): void;
  /** Nothing was accepted since the start, and nothing will be. */
  readonly refusesAll: boolean;
  /** The refusals since the last accepted event, when they are too many to be a passing overload. */
  lasting(): RefusalStreak | undefined;
}

export function createRefusalStreaks(): RefusalStreaks {
  let hasAccepted = false;
  let isSetupProblem = false;
  let streak: (RefusalStreak & { readonly sinceMicros: number }) | undefined;
  const lasting = () =>
    streak && streak.requests >= LEAST_REQUESTS && streak.micros >= LEAST_MICROS ? streak : undefined;
  return {
    add({ atMicros, firstSequence, refusal }) {
      if (refusal === undefined) {
        hasAccepted = true;
        streak = undefined;
        return;
      }
      const sinceMicros = streak?.sinceMicros ?? atMicros;
      streak = {
        sinceMicros,
        requests: (streak?.requests ?? 0) + 1,
        firstSequence: streak?.firstSequence ?? firstSequence,
        micros: atMicros - sinceMicros,
        reason: refusal.reason,
      };
      isSetupProblem = SETUP_STATUSES.has(refusal.status ?? 0);
    },
    get refusesAll() {
      return !hasAccepted && streak !== undefined && (isSetupProblem || lasting() !== undefined);
    },
    lasting,
  };
}
