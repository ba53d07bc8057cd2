// An agent: shows itself to coordinators, accepts one run at a time, and is free again afterwards.
import type { StartWorker } from '../../load/coordinator/workers/worker-link.ts';
import { startHttpProducer } from '../../target/producer/http-producer.ts';
import type { Clock } from '../../time/clock.ts';
import type { Announcement, Claim, ClaimAnswer } from '../messages/messages.ts';
import { encodePayload } from '../messages/payload.ts';
import { readClaim } from '../messages/readable.ts';
import { claimSubject, POOL_SUBJECT } from '../messages/subjects.ts';
import type { Bus } from '../nats/bus.ts';
import { type ClaimedRun, openClaimedRun } from './claimed-run.ts';
import type { ProducerParts } from './producer.ts';

const ANNOUNCE_MILLIS = 1_000;

export interface AgentParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly self: Omit<Announcement, 'isFree'>;
  readonly startWorker: StartWorker;
  /** Default: over HTTP. */
  readonly startProducer?: ProducerParts['start'];
  /** Gets a line when a run begins and ends. */
  readonly say: (line: string) => void;
}

export interface Agent {
  /** Ends a run that goes on; nobody sees the agent any more. */
  close(because: string): void;
}

export function startAgent({
  bus,
  clock,
  self,
  startWorker,
  startProducer = startHttpProducer,
  say,
}: AgentParts): Agent {
  let current: ClaimedRun | undefined;
  let isClosed = false;

  function announce(): void {
    timer = clock.after(ANNOUNCE_MILLIS, announce);
    const announcement: Announcement = { ...self, isFree: current === undefined };
    bus.publish(POOL_SUBJECT, encodePayload(announcement));
  }

  function answer(claim: Claim): ClaimAnswer {
    if (claim.kit !== self.kit)
      return { isAccepted: false, problem: `it has version ${self.kit}, and the coordinator ${claim.kit}` };
    if (current !== undefined) return { isAccepted: false, problem: 'it is busy with another run' };
    say(`run ${claim.run}: ${claim.workers} worker ${claim.workers === 1 ? 'process' : 'processes'}`);
    current = openClaimedRun({
      ...{ bus, clock, agent: self.id, claim, startWorker, startProducer },
      onEnd(because) {
        current = undefined;
        say(`run ${claim.run}: over (${because}); free again`);
        if (isClosed) return;
        timer.cancel();
        announce();
      },
    });
    return { isAccepted: true };
  }

  let timer = clock.after(0, announce);
  const claims = bus.subscribe(claimSubject(self.id), (payload) => {
    const claim = readClaim(payload);
    return claim && encodePayload(answer(claim));
  });
  return {
    close(because) {
      isClosed = true;
      timer.cancel();
      claims.end();
      current?.end(because);
    },
  };
}
