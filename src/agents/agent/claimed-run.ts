// One run in an agent: its worker processes, and the messages between them and the coordinator on another machine. It ends when the
// coordinator ends it, or is silent for too long.

import type { StartWorker, WorkerLink } from '../../load/coordinator/workers/worker-link.ts';
import type { ClockOffset } from '../../load/worker/agent/clock-offset.ts';
import type { ToWorker, WorkerStart } from '../../load/worker/worker-messages.ts';
import type { Clock } from '../../time/clock.ts';
import { startClockKeeper } from '../clock/clock-keeper.ts';
import { Channel } from '../messages/channel.ts';
import {
  type AgentBeat,
  BEAT_MILLIS,
  type Claim,
  type ForAgent,
  type OfAgent,
} from '../messages/messages.ts';
import { encodePayload } from '../messages/payload.ts';
import { digestPlan, shortDigest } from '../messages/plan-digest.ts';
import { readToProducer } from '../messages/producer-readable.ts';
import { readClockAnswer, readCoordinatorBeat, readRunEnd } from '../messages/readable.ts';
import { subjectsOfAgent, subjectsOfRun } from '../messages/subjects.ts';
import type { Bus } from '../nats/bus.ts';
import { createGathering } from './gather.ts';
import { createAgentProducer, type ProducerParts } from './producer.ts';

/** Beats of the coordinator are counted by our own, so that an agent that was itself stopped does not give up for that. */
const MAX_SILENT_BEATS = 20;
const CLOCK_DEADLINE_MILLIS = 1_000;

function findOtherPlan({ planDigest }: Claim, { plan }: WorkerStart): string | undefined {
  const digest = digestPlan(plan);
  if (digest === planDigest) return undefined;
  return `it was claimed for the plan ${shortDigest(planDigest)} and got the plan ${shortDigest(digest)}: something else speaks for the coordinator, or changes its messages`;
}

export interface ClaimedRunParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly agent: string;
  readonly claim: Claim;
  readonly startWorker: StartWorker;
  /** For an agent that publishes in turn. */
  readonly startProducer: ProducerParts['start'];
  /** Called once, when the run is over for this agent. */
  readonly onEnd: (because: string) => void;
}

export interface ClaimedRun {
  end(because: string): void;
}

export function openClaimedRun({
  bus,
  clock,
  agent,
  claim,
  startWorker,
  startProducer,
  onEnd,
}: ClaimedRunParts): ClaimedRun {
  const run = subjectsOfRun(claim.run);
  const own = subjectsOfAgent(claim.run, agent);
  const workers: WorkerLink[] = [];
  let silentBeats = 0;
  let hasEnded = false;
  let start: ToWorker | undefined;
  let again: Promise<void> | undefined;
  let latestOffset: ClockOffset | undefined;

  const channel = new Channel({
    ...{ bus, run: claim.run, nowMicros: clock.nowMicros },
    subjects: { out: own.fromAgent, in: own.toAgent, ask: own.askCoordinator, answer: own.askAgent },
    onBroken: end,
    onMessage(body) {
      silentBeats = 0;
      for (const one of body as readonly ForAgent[]) {
        if ('producer' in one) {
          producer.take(readToProducer(one.producer));
          continue;
        }
        const message = 'message' in one ? one.message : start;
        if (message?.kind === 'start') start ??= message;
        const problem = message?.kind === 'start' ? findOtherPlan(claim, message) : undefined;
        if (problem !== undefined) return end(problem);
        if (message) pass(message, one.workers);
      }
    },
  });
  const gathering = createGathering(clock, (all) => channel.send(all));
  const producer = createAgentProducer({
    ...{ clock, start: startProducer, clockOffset: () => latestOffset },
    send: (message) => channel.send([{ producer: message }] satisfies readonly OfAgent[]),
  });
  const subscriptions = [
    bus.subscribe(own.coordinatorBeat, (payload) => {
      const beat = readCoordinatorBeat(payload);
      if (beat === undefined) return undefined;
      silentBeats = 0;
      channel.heard(beat.channel);
      producer.heard(beat.heardMicros);
      return undefined;
    }),
    bus.subscribe(run.end, (payload) => {
      const message = readRunEnd(payload);
      if (message) end(message.because);
      return undefined;
    }),
  ];
  const keeper = startClockKeeper({
    clock,
    hasSameId: claim.hasSameClock,
    async ask() {
      const answer = await bus.request(run.clock, encodePayload({}), CLOCK_DEADLINE_MILLIS);
      return answer && readClockAnswer(answer);
    },
    onOffset(offset) {
      latestOffset = offset;
      for (const worker of workers) worker.post({ kind: 'clock', ...offset });
    },
  });

  function pass(message: ToWorker, to: readonly number[]): void {
    const post = () => {
      for (const index of to) {
        if (message.kind === 'report') gathering.want(index);
        workers[index]?.post(message);
      }
    };
    if (message.kind !== 'finish') post();
    else void comparedAgain().then(post);
  }

  /** `ended`: it is the last one. */
  function sendBeat(ended?: string): void {
    const message: AgentBeat = { channel: channel.state(), clock: keeper.report(), ended };
    bus.publish(own.beat, encodePayload(message));
  }

  /** Before any result: workers and coordinator then know the clock as well as they ever will. */
  function comparedAgain(): Promise<void> {
    again ??= keeper.compareAgain().then(() => sendBeat());
    return again;
  }

  function beat(): void {
    sendBeat();
    if (++silentBeats <= MAX_SILENT_BEATS) timer = clock.after(BEAT_MILLIS, beat);
    else end(`no coordinator for ${(MAX_SILENT_BEATS * BEAT_MILLIS) / 1e3} s`);
  }

  function end(because: string): void {
    if (hasEnded) return;
    hasEnded = true;
    sendBeat(because);
    timer.cancel();
    keeper.close();
    producer.close();
    channel.close();
    gathering.close();
    for (const one of subscriptions) one.end();
    for (const worker of workers) worker.kill();
    onEnd(because);
  }

  function startWorkers(): void {
    for (let worker = 0; worker < claim.workers; worker++)
      workers.push(
        startWorker(worker, {
          onMessage: (message) => gathering.add({ worker, message }),
          onEnd: (ended) => gathering.add({ worker, ended }),
          onError: ({ message }) => gathering.add({ worker, ended: message }),
        }),
      );
  }

  let timer = clock.after(0, beat);
  startWorkers();
  return { end };
}
