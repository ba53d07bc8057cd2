// Makes agents the workers of one run: claims them, compares clocks, says twice a second that the coordinator is there, and notices
// when one is lost.
import { randomUUID } from 'node:crypto';
import type { PublishFrom } from '../../kit/publish-from.ts';
import type { Fleet } from '../../load/coordinator/workers/fleet.ts';
import type { PlanSummary } from '../../load/plan/plan-summary.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import {
  type Announcement,
  BEAT_MILLIS,
  type Claim,
  type ClockAnswer,
  type RunEnd,
} from '../messages/messages.ts';
import { encodePayload } from '../messages/payload.ts';
import { digestPlan } from '../messages/plan-digest.ts';
import { readClaimAnswer } from '../messages/readable.ts';
import { claimSubject, subjectsOfRun } from '../messages/subjects.ts';
import type { Bus } from '../nats/bus.ts';
import { createLossWatch, LOST_AFTER_MILLIS } from './loss-watch.ts';
import { RemoteAgent } from './remote-agent.ts';
import { createStartEncoder } from './shared-start.ts';

const CLAIM_DEADLINE_MILLIS = 3_000;
const CLOCK_DEADLINE_MILLIS = 10_000;
const LOOK_MILLIS = 50;

export interface ClaimedAgent {
  readonly announcement: Announcement;
  readonly workers: number;
}

export interface OpenFleet extends Fleet {
  /** Frees the agents. */
  close(because: string): void;
}

export interface FleetParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly kit: string;
  /** That the run will have, with the workers of all agents. */
  readonly plan: PlanSummary;
  /** Of this process; see `Announcement`. */
  readonly clockId?: string | undefined;
  /** Who publishes; default: the coordinator. */
  readonly publishFrom?: PublishFrom | undefined;
  readonly interruption: AbortSignal;
}

export async function openFleet(
  claimed: readonly ClaimedAgent[],
  { bus, clock, kit, clockId, publishFrom, plan, interruption }: FleetParts,
): Promise<Parsed<OpenFleet>> {
  const run = randomUUID();
  const subjects = subjectsOfRun(run);
  const encodeStart = createStartEncoder();
  let firstWorker = 0;
  const agents = claimed.map(({ announcement, workers }, at) => {
    const agent = new RemoteAgent({
      ...{ bus, clock, run, announcement, firstWorker, workers, encodeStart },
      onHeard: () => losses.heard(at),
      onGone: (sentence) => lose(at, sentence, false),
    });
    firstWorker += workers;
    return agent;
  });
  const ofAgents = agents.flatMap((agent, at) =>
    Array.from({ length: claimed[at]?.workers ?? 0 }, (_, worker) => ({ agent, worker })),
  );
  const losses = createLossWatch(clock, agents.length, {
    // An agent that was stopped for a while may answer this first.
    onSilent: (at) => agents[at]?.beat(),
    onLost: (at) =>
      lose(at, `nothing was heard of it for ${LOST_AFTER_MILLIS / 1e3} s${noConnection(bus)}`, true),
  });
  const clockAnswers = bus.subscribe(subjects.clock, () => {
    const receivedMicros = clock.nowMicros();
    const answer: ClockAnswer = { receivedMicros, answeredMicros: clock.nowMicros() };
    return encodePayload(answer);
  });

  function lose(at: number, why: string, isSilent: boolean): void {
    losses.forget(at);
    agents[at]?.lose(`agent ${agents[at].name} is lost: ${why}`, isSilent);
  }

  function beat(): void {
    timer = clock.after(BEAT_MILLIS, beat);
    for (const agent of agents) agent.beat();
  }
  let timer = clock.after(0, beat);

  function close(because: string): void {
    timer.cancel();
    losses.close();
    clockAnswers.end();
    for (const agent of agents) agent.close();
    const end: RunEnd = { because };
    bus.publish(subjects.end, encodePayload(end));
  }

  const failure =
    (await claimAll(claimed, { bus, clockId, run, kit, planDigest: digestPlan(plan) })) ??
    (await compareClocks(agents, clock, interruption));
  const problem = failure && (bus.refusal() ?? failure);
  if (problem !== undefined) {
    close(problem);
    return unparsed(problem);
  }
  return parsed({
    close,
    agents: () => agents.map((agent) => agent.describe()),
    seats: publishFrom === 'agents' ? agents.map((agent) => agent.seat()) : undefined,
    startWorker(index, events) {
      const { agent, worker } = ofAgents[index] as (typeof ofAgents)[number];
      return agent.openWorker(worker, events);
    },
  });
}

function noConnection(bus: Bus): string {
  const problem = bus.refusal() ?? bus.problem();
  return problem === undefined ? '' : `; ${problem}`;
}

/** The first problem, as a sentence. */
async function claimAll(
  claimed: readonly ClaimedAgent[],
  { bus, clockId, ...offered }: Pick<FleetParts, 'bus' | 'clockId'> & Omit<Claim, 'workers' | 'hasSameClock'>,
): Promise<string | undefined> {
  const answers = await Promise.all(
    claimed.map(async ({ announcement: { id, name, clockId: clockOfAgent }, workers }) => {
      const hasSameClock = clockId !== undefined && clockOfAgent === clockId;
      const claim: Claim = { ...offered, workers, hasSameClock };
      const answer = await bus.request(claimSubject(id), encodePayload(claim), CLAIM_DEADLINE_MILLIS);
      if (answer === undefined)
        return `agent ${name} did not answer within ${CLAIM_DEADLINE_MILLIS / 1e3} s; see what it prints`;
      const decoded = readClaimAnswer(answer);
      if (decoded === undefined) return `what answered the claim of agent ${name} is not an agent`;
      return decoded.isAccepted ? undefined : `agent ${name} refused the run: ${decoded.problem}`;
    }),
  );
  return answers.find((answer) => answer !== undefined);
}

async function compareClocks(
  agents: readonly RemoteAgent[],
  clock: Clock,
  interruption: AbortSignal,
): Promise<string | undefined> {
  const untilMicros = clock.nowMicros() + CLOCK_DEADLINE_MILLIS * 1e3;
  const late = () => agents.filter(({ hasComparedClocks }) => !hasComparedClocks);
  while (late().length > 0 && clock.nowMicros() < untilMicros && !interruption.aborted)
    await pause(clock, LOOK_MILLIS, interruption);
  if (late().length === 0 || interruption.aborted) return undefined;
  return `the clocks of ${late()
    .map(({ name }) => name)
    .join(', ')} could not be compared within ${CLOCK_DEADLINE_MILLIS / 1e3} s`;
}
