// Does this hub take many events in one request? There is no way to find out without broadcasting, and a hub that reads only
// the first line of NDJSON answers 2xx as well. So it is tried with events of the kit's own, which nobody judges: an answer
// may be an error although the events were delivered, and then the events of a run must not be sent a second time.
import { encodeProbe, PROBE_FIELD } from '../../protocol/probe.ts';

type BatchState =
  /** Nothing was sent yet. */
  | 'untried'
  /** One trial event sent as NDJSON was answered with `accepted: 1`. */
  | 'counts'
  | 'yes'
  | 'no';

export interface BatchSupport {
  readonly state: BatchState;
  /** Whether an answer has said how many events it took. */
  readonly isCounting: boolean;
  /** Why not, or why not yet; undefined once it is `yes`. */
  readonly missing: string | undefined;
  /** How many of the events still to be sent the next request may carry as NDJSON; 0: send one, as JSON. */
  batchLimit(): number;
  /**
   * The trial events to send next; none when nothing is left to find out. All go before the first event of a run: later
   * they would fill queues that somebody measures.
   */
  nextTrial(): readonly string[];
  /** The hub's 2xx answer to a trial of `sent` events. */
  judgeTrial(sent: number, answerText: string): void;
  /** The hub's 2xx answer to a request of `sent` NDJSON events: how many of them need not be sent again. */
  acceptedOf(sent: number, answerText: string): number;
  /** The hub refused NDJSON. */
  ruleOut(reason: string): void;
}

export const MAX_BATCH_EVENTS = 5_000;
const LIMITS: Record<BatchState, number> = { untried: 0, counts: 1, yes: MAX_BATCH_EVENTS, no: 0 };

/** Of a run that nobody judges (protocol/probe.ts), and legal: clients receive it, and their frames are judged. */
function trialEvent(sequence: number): string {
  const probe = encodeProbe({ runId: 'trial', sequence, dueMicros: 0 });
  const payload = { sagaId: 'trial', [PROBE_FIELD]: probe };
  return JSON.stringify({ type: 'app.restarted', appId: 'norn', payload });
}

export function createBatchSupport(initial: 'untried' | 'yes' | 'no', initialReason?: string): BatchSupport {
  let state: BatchState = initial;
  let isCounting = initial === 'yes';
  let reason = initialReason ?? 'no batch of events was sent yet, so it is not known whether NDJSON is taken';

  function ruleOut(why: string): void {
    state = 'no';
    reason = why;
  }

  return {
    get state() {
      return state;
    },
    get isCounting() {
      return isCounting;
    },
    get missing() {
      return state === 'yes' ? undefined : reason;
    },
    batchLimit: () => LIMITS[state],
    nextTrial() {
      if (state === 'untried') return [trialEvent(0)];
      // One line is no proof: a hub that reads the whole body as one event counts 1 as well.
      return state === 'counts' ? [trialEvent(1), trialEvent(2)] : [];
    },
    judgeTrial(sent, answerText) {
      const accepted = readAccepted(answerText);
      isCounting ||= accepted !== undefined;
      if (accepted === sent) state = sent > 1 ? 'yes' : 'counts';
      else if (sent === 1)
        ruleOut('the hub answers without a count of accepted events, so a batch could not be trusted');
      else if (accepted === undefined || accepted > sent)
        ruleOut('the hub answered a batch without a true count of accepted events');
      else ruleOut(`the hub took ${accepted} of ${sent} events sent as NDJSON`);
    },
    acceptedOf(sent, answerText) {
      const accepted = readAccepted(answerText);
      if (accepted === undefined || accepted >= sent) return sent;
      // Of a batch that it took in part nobody knows which. None is a refusal, and may be about what is in it.
      if (accepted > 0) ruleOut(`the hub took ${accepted} of ${sent} events sent as NDJSON`);
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
