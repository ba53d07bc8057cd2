// What a check finds when a broadcast fails: the one place where the answer of the route, or its absence, becomes a finding.
import type { Series } from '../../../session/series.ts';
import type { BroadcastOutcome } from '../../../target/target.ts';
import type { Clock } from '../../../time/clock.ts';
import { withDeadline } from '../../../time/deadline.ts';
import { error, FACTS, type Finding, fail, warn } from '../../finding.ts';
import { probeUntilClosed } from '../closed-probe.ts';
import type { Lab } from '../lab.ts';
import type { LabClient } from '../lab-client.ts';
import { type AnsweredCall, explainUnanswered, type PendingCall } from './unanswered/unanswered.ts';

export type Refused = Extract<BroadcastOutcome, { ok: false }>;

export interface RefusalOptions {
  /** What a correct hub does: `the hub takes an event`. */
  readonly expected: string;
  /**
   * What it means that the hub refuses the event. Default: a failure where it took others of this check, else an error,
   * because the kit may not know how to make this hub broadcast.
   */
  readonly whenRefused?: 'fail' | 'warn';
}

export interface RefusalParts {
  readonly series: Series;
  readonly clock: Clock;
  readonly timed: (texts: readonly string[]) => Promise<{ outcome: BroadcastOutcome; millis: number }>;
  /** Broadcasts of this check that were answered. */
  readonly answered: readonly AnsweredCall[];
  readonly stalledClients: () => readonly LabClient[];
  readonly answersHandshake: () => Promise<boolean>;
  readonly elapsedMillis: () => number;
}

/** How a finding begins when the broadcast route refuses. */
export const CANNOT_BROADCAST = 'the hub could not be made to broadcast';

const CLOSED_PROBE_MILLIS = 300;

export function createRefusal(parts: RefusalParts) {
  const { series, clock, timed, answered, elapsedMillis } = parts;

  async function unanswered(expected: string, problem: string): Promise<Finding> {
    const stalled = parts.stalledClients();
    const earlier = answered.slice();
    const isMute = stalled.length === 0 && earlier.length === 0;
    const got = await explainUnanswered({
      problem,
      stalled: stalled.map((client) => describeStall(client, elapsedMillis())),
      earlier,
      callAgain,
      disconnectStalled() {
        for (const client of stalled) client.destroy();
      },
      async isStalledClientDisconnected() {
        const probe = (client: LabClient) => probeUntilClosed(client, CLOSED_PROBE_MILLIS, elapsedMillis);
        return (await Promise.all(stalled.map(probe))).some(({ isClosed }) => isClosed);
      },
      answersHandshake: parts.answersHandshake,
    });
    return fail({ expected, got }, isMute ? { muteness: 'answers-nothing' } : {});
  }

  function callAgain(): PendingCall {
    const answer = timed([series.nextNonce().text]).then(({ outcome, millis }) =>
      outcome.ok ? millis : undefined,
    );
    return {
      answeredWithin: (millis) => withDeadline(clock, answer, millis, 'answer').catch(() => undefined),
      answered: () => answer,
    };
  }

  return async ({ kind, problem, ...outcome }: Refused, options: RefusalOptions): Promise<Finding> => {
    const { expected, whenRefused } = options;
    if (kind === 'timeout') return unanswered(expected, problem);
    const refusal = `${CANNOT_BROADCAST}: ${problem}`;
    if (kind === 'unsupported') return error(refusal);
    const isOwnFault = kind === 'refused' && isServerFault(outcome.status);
    if (whenRefused !== undefined)
      return (whenRefused === 'fail' || isOwnFault ? fail : warn)({ expected, got: problem }, FACTS);
    const isJudged = kind === 'refused' && answered.length > 0 && isAboutEvent(outcome.status);
    return isJudged ? fail({ expected, got: refusal }, FACTS) : error(refusal);
  };
}

export function describeStall({ name, stoppedAtMillis = 0 }: LabClient, nowMillis: number): string {
  return `client ${name} (for ${Math.round(nowMillis - stoppedAtMillis)} ms)`;
}

/** Statuses that say something about the event, not about the caller, its pace, or the size of a request. */
const ABOUT_EVENT = [400, 409, 415, 422];

const isServerFault = (status: number | undefined): boolean =>
  status !== undefined && status >= 500 && status !== 503;

const isAboutEvent = (status: number | undefined): boolean =>
  status === undefined || ABOUT_EVENT.includes(status) || isServerFault(status);

/** A broadcast that failed as one line, for what a measurement reports. */
export async function describeRefusal(lab: Lab, outcome: Refused, what: string): Promise<string> {
  if (outcome.kind !== 'timeout') return outcome.problem;
  const { got, reason } = await lab.refusal(outcome, { expected: `the hub takes ${what}` });
  return got ?? reason ?? outcome.problem;
}
