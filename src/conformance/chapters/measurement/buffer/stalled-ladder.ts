// One series of events, and several clients that stopped reading before it: one after the other reads on, each with more
// messages waiting than the one before, until one is found lost. The first event, too large for what kernels hide,
// plugs the way to each; behind it even small events wait in the hub and nowhere else.
import type { ReceiveWindow } from '../../../../wire/connection.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabClient } from '../../../lab/lab-client.ts';
import { type Fate, judgeFate } from './fate.ts';
import { type Blocked, createFeed, type Delivered, type FeedPlan, type Stop } from './stalled-feed.ts';

export interface LadderPlan extends FeedPlan {
  readonly window: ReceiveWindow;
  /** Numbers of outstanding messages, rising. */
  readonly rungs: readonly number[];
  /** A client that reads on and is connected, but has got nothing for so long, is forgotten; default 2 s. */
  readonly forgottenMillis?: number;
  /** How long a client goes on not reading when its rung is reached; by default just until the hub has settled. */
  readonly holdMillis?: number;
}

interface Rung {
  readonly outstandingMessages: number;
  readonly fate: Fate;
  /** How many of the outstanding ones it got. */
  readonly receivedMessages: number;
}

export interface Climb {
  /** All but the last were kept. */
  readonly rungs: readonly Rung[];
  readonly deliveries: readonly Delivered[];
  /** How long the last client to read on had not been reading. */
  readonly stalledMillis: number;
  readonly blocked?: Blocked;
  /** The hub does not take events of this size. */
  readonly refusal?: string;
}

/** A hub may serve the stalled client a moment after the healthy ones. */
const SETTLE_MILLIS = 120;
/** Enough between rungs that are far apart: one message more or less changes nothing there. */
const ROUGH_SETTLE_MILLIS = 20;
const QUIET_MILLIS = 400;
const FORGOTTEN_MILLIS = 2_000;

export async function climb(lab: Lab, plan: LadderPlan): Promise<Climb> {
  // One healthy client on each side: hubs serve in the order of arrival, or in none.
  const early = await lab.witness();
  const victims = await lab.witnesses(plan.rungs.length, { window: plan.window });
  const healthy = [early, await lab.witness()];
  for (const victim of victims) victim.stopReading();
  try {
    return await climbWith(lab, plan, victims, healthy);
  } finally {
    for (const client of [...victims, ...healthy]) client.destroy();
  }
}

async function climbWith(
  lab: Lab,
  plan: LadderPlan,
  victims: readonly LabClient[],
  healthy: readonly LabClient[],
): Promise<Climb> {
  const feed = createFeed(lab, plan, victims, healthy);
  const { deliveries } = feed;
  const startMillis = lab.elapsedMillis();
  let stalledMillis = 0;
  const rungs: Rung[] = [];
  for (const [at, victim] of victims.entries()) {
    const outstandingMessages = plan.rungs[at] as number;
    const stop: Stop | undefined =
      (await feed.upTo(outstandingMessages)) ?? (await readOn(at, victim, outstandingMessages));
    if (stop) return { rungs, deliveries, stalledMillis, ...stop };
    if (rungs.at(-1)?.fate !== 'kept') break;
  }
  return { rungs, deliveries, stalledMillis };

  async function readOn(
    at: number,
    victim: LabClient,
    outstandingMessages: number,
  ): Promise<Stop | undefined> {
    await lab.pause(plan.holdMillis ?? (isClose(plan.rungs, at) ? SETTLE_MILLIS : ROUGH_SETTLE_MILLIS));
    stalledMillis = lab.elapsedMillis() - startMillis;
    victim.readOn();
    const { firstSequence } = feed;
    const fenceSequence = firstSequence + outstandingMessages;
    await untilRead(lab, victim, fenceSequence - 1, QUIET_MILLIS);
    // The next event is one more for those that still wait, and shows whether this one is still served.
    const stop = await feed.upTo(outstandingMessages + 1);
    if (stop) return stop;
    await untilRead(lab, victim, fenceSequence, plan.forgottenMillis ?? FORGOTTEN_MILLIS);
    const received = victim.record.sequences;
    const fate = judgeFate({ received, firstSequence, outstandingMessages, isOver: !victim.isOpen });
    const own = received.filter((sequence) => sequence >= firstSequence && sequence < fenceSequence);
    rungs.push({ outstandingMessages, fate, receivedMessages: own.length });
    victim.destroy();
    return undefined;
  }
}

function isClose(rungs: readonly number[], at: number): boolean {
  const rung = rungs[at] as number;
  return rungs[at + 1] === rung + 1 || rungs[at - 1] === rung - 1;
}

/** Until the client has this event, its connection is over, or nothing has come for `quietMillis`. */
async function untilRead(lab: Lab, client: LabClient, sequence: number, quietMillis: number): Promise<void> {
  const has = (): boolean => (client.record.sequences.at(-1) ?? -1) >= sequence;
  for (;;) {
    const before = client.bytesRead;
    if (await client.until(has, `event #${sequence}`, quietMillis)) return;
    if (!client.isOpen || lab.signal.aborted || client.bytesRead === before) return;
  }
}
