// Does this hub take many events in one request? There is no way to find out without broadcasting, and a hub that reads only
// the first line of NDJSON answers 2xx as well, so it is found out with real events and without losing any: one event
// goes as NDJSON first; only a hub that answers with a true count of `accepted` is trusted with more.

type BatchState =
  /** Nothing was sent yet. */
  | 'untried'
  /** One event sent as NDJSON was answered with `accepted: 1`. */
  | 'counts'
  | 'yes'
  | 'no';

export interface BatchSupport {
  readonly state: BatchState;
  /** Why not, or why not yet; undefined once it is `yes`. */
  readonly missing: string | undefined;
  /** How many of the events still to be sent the next request may carry as NDJSON; 0: send one, as JSON. */
  batchLimit(): number;
  /** The hub's 2xx answer to a request of `sent` NDJSON events: how many of them need not be sent again. */
  acceptedOf(sent: number, answerText: string): number | undefined;
  /** The hub refused NDJSON and accepted the same event as JSON. */
  ruleOut(reason: string): void;
}

const MAX_BATCH_EVENTS = 5_000;
const LIMITS: Record<BatchState, number> = {
  untried: 1,
  counts: MAX_BATCH_EVENTS,
  yes: MAX_BATCH_EVENTS,
  no: 0,
};

export function createBatchSupport(initial: 'untried' | 'yes' | 'no', initialReason?: string): BatchSupport {
  let state: BatchState = initial;
  let reason = initialReason ?? 'no batch of events was sent yet, so it is not known whether NDJSON is taken';

  function ruleOut(why: string): void {
    state = 'no';
    reason = why;
  }

  return {
    get state() {
      return state;
    },
    get missing() {
      return state === 'yes' ? undefined : reason;
    },
    batchLimit: () => LIMITS[state],
    acceptedOf(sent, answerText) {
      const accepted = readAccepted(answerText);
      if (state === 'untried') {
        if (accepted === 1) state = 'counts';
        else ruleOut('the hub answers without a count of accepted events, so a batch could not be trusted');
        return 1;
      }
      if (accepted === sent) {
        // One line is no proof: a hub that reads the whole body as one event counts 1 as well.
        if (sent > 1) state = 'yes';
        return sent;
      }
      if (accepted === undefined || accepted > sent) {
        if (state === 'yes') return sent;
        ruleOut('the hub answered a batch without a true count of accepted events');
        return undefined;
      }
      ruleOut(`the hub took ${accepted} of ${sent} events sent as NDJSON`);
      return accepted;
    },
    ruleOut,
  };
}

/** The whole number `accepted` of a JSON answer. */
function readAccepted(answerText: string): number | undefined {
  try {
    const accepted = (JSON.parse(answerText) as { accepted?: unknown } | null)?.accepted;
    return Number.isSafeInteger(accepted) && (accepted as number) >= 0 ? (accepted as number) : undefined;
  } catch {
    return undefined;
  }
}
