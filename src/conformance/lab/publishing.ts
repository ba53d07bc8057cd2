// How a check makes the hub broadcast: the join barrier, paced events, fences and bursts.

import { passJoinBarrier } from '../../session/join-barrier.ts';
import type { EventShape, Series, SeriesEvent } from '../../session/series.ts';
import type { WaitAllowance, Waiter } from '../../session/wait-until.ts';
import type { BroadcastOutcome, Target } from '../../target/target.ts';
import type { Clock } from '../../time/clock.ts';
import { CheckEnded, fail } from '../finding.ts';
import type { VainWaits } from '../run/starvation/vain-waits.ts';
import { measureAgain } from '../run/waits/measure-again.ts';
import type { RouteTimes } from '../run/waits/route-times.ts';
import { basisOf, describeState } from './client/client-state.ts';
import type { Lab } from './lab.ts';
import type { LabClient } from './lab-client.ts';
import { burstUnordered } from './route/burst-unordered.ts';
import type { EventLimit } from './route/event-limit.ts';
import { fitToRoute } from './route/fit-to-route.ts';
import { eventsInARow, nonceMillis } from './route/in-a-row.ts';
import { neverJoined } from './route/never-joined.ts';
import { createRefusal, describeStall, type Refused } from './route/refusal.ts';
import { type AnsweredCall, describeStalled } from './route/unanswered/unanswered.ts';
import { sendUntilRead } from './route/unanswered/unread-request.ts';
import { sendInTurn } from './window/send-in-turn.ts';
import type { SharedWindow } from './window/shared-window.ts';

export interface PublishingParts {
  readonly target: Target;
  readonly series: Series;
  readonly waiter: Waiter;
  readonly eventWindow: SharedWindow;
  readonly isAlone: boolean;
  readonly allowance: WaitAllowance;
  readonly route: RouteTimes;
  readonly limit: EventLimit;
  readonly clock: Clock;
  readonly note: (line: string) => void;
  readonly elapsedMillis: () => number;
  readonly clients: () => readonly LabClient[];
  readonly vainWaits: VainWaits;
  readonly stalledClients: () => readonly LabClient[];
  readonly answersHandshake: () => Promise<boolean>;
}

type Publishing = Pick<
  Lab,
  | 'join'
  | 'publish'
  | 'tryPublish'
  | 'burst'
  | 'tryBurst'
  | 'burstUnordered'
  | 'fence'
  | 'tryBroadcast'
  | 'refusal'
>;

const AFTER_FAULT_MILLIS = 500;

export function createPublishing(parts: PublishingParts): Publishing {
  const { target, series, waiter, eventWindow, allowance, route, limit, clock, elapsedMillis } = parts;
  const nowMillis = (): number => clock.nowMicros() / 1_000;
  const answered: AnsweredCall[] = [];
  let [callsBegun, callsUnderWay] = [0, 0];
  const refusal = createRefusal({ ...parts, timed, answered });

  /** Without a deadline of its own it is a wait like others: it has their time, and teaches how long they may be. */
  async function timed(texts: readonly string[], givenMillis?: number) {
    const deadlineMillis = givenMillis ?? allowance.millis + route.millisFor(texts.length);
    const startMillis = nowMillis();
    const [isFirstUnderWay, call] = [callsUnderWay++ === 0, ++callsBegun];
    const outcome = await target.broadcast(texts, { deadlineMillis });
    callsUnderWay--;
    const isAlone = isFirstUnderWay && callsBegun === call;
    const millis = nowMillis() - startMillis;
    if (outcome.ok) {
      route.took(texts.length, millis, isAlone);
      answered.push({ millis, events: texts.length, isUndisturbed: parts.stalledClients().length === 0 });
    } else if (outcome.kind === 'timeout') {
      parts.vainWaits.add(startMillis * 1_000);
      if (givenMillis === undefined) allowance.ended(false, startMillis, startMillis + millis);
    }
    return { outcome, millis };
  }

  const send = (texts: readonly string[], deadlineMillis?: number): Promise<BroadcastOutcome> =>
    sendUntilRead(
      { ...parts, send: async (some, most) => (await timed(some, most)).outcome },
      texts,
      deadlineMillis,
    );

  const inTurn = (texts: readonly string[], deadlineMillis?: number): Promise<BroadcastOutcome> =>
    sendInTurn({ eventWindow, waiter }, texts, () => send(texts, deadlineMillis));

  async function broadcast(texts: readonly string[]): Promise<void> {
    const outcome = await inTurn(texts);
    if (!outcome.ok) await endRefused(outcome, texts.length);
  }

  async function endRefused(outcome: Refused, count: number): Promise<never> {
    const expected = `the hub takes ${count === 1 ? 'an event' : `${count} events`}`;
    const route = outcome.kind === 'timeout' ? 'unanswered' : 'refused';
    throw new CheckEnded(await refusal(outcome, { expected }), route);
  }

  /** Who does not read while an event is missing; whether that is the cause is for the checks of slow clients. */
  function nameStalled(): string {
    const stalled = parts.stalledClients().map((client) => describeStall(client, elapsedMillis()));
    return stalled.length === 0 ? '' : `; ${describeStalled(stalled)} had stopped reading`;
  }

  async function join(clients: readonly LabClient[]): Promise<void> {
    const [waitMillis, startMillis] = [allowance.millis, nowMillis()];
    let last = -1;
    const hasJoined = (client: LabClient): boolean => client.record.lastNonce >= 0;
    const sendNonce = async (): Promise<void> => {
      const nonce = series.nextNonce();
      await broadcast([nonce.text]);
      last = nonce.sequence;
    };
    const { nonces } = await passJoinBarrier({
      isPassed: () => clients.every((client) => hasJoined(client) || !client.isOpen),
      async sendNonce(untilSeen) {
        await sendNonce();
        await untilSeen();
        return true;
      },
      waiter,
      nowMillis: elapsedMillis,
      deadlineMillis: waitMillis,
      firstWaitMillis: nonceMillis(parts),
    });
    endIfDisconnected(clients, 'takes part in broadcasts');
    const missing = clients.filter((client) => !hasJoined(client));
    if (missing.length > 0) {
      allowance.ended(false, startMillis, nowMillis());
      parts.vainWaits.add(startMillis * 1_000);
      throw new CheckEnded(neverJoined(missing, nonces, waitMillis));
    }
    await measureAgain(route, nowMillis, sendNonce);
    // Nothing of the barrier may still be under way when the check begins.
    const hasLast = (client: LabClient): boolean => client.record.lastNonce >= last;
    await waiter.until(() => clients.every((c) => hasLast(c) || !c.isOpen), {
      what: 'the last nonce at every client',
    });
    endIfDisconnected(clients, 'takes part in broadcasts');
  }

  async function awaitEvents(events: readonly SeriesEvent[], witnesses: readonly LabClient[]): Promise<void> {
    const last = events.at(-1)?.sequence ?? -1;
    for (const witness of witnesses) {
      const { record } = witness;
      const waitMillis = allowance.millis;
      const faultsBefore = record.faults.length;
      const hasFault = (): boolean => record.faults.length > faultsBefore;
      const has = (): boolean => record.sequences.at(-1) === last || record.sequences.includes(last);
      // A message that cannot be read may be the one: then little is left to wait for.
      await witness.until(() => has() || hasFault(), `event #${last}`);
      if (has()) continue;
      if (hasFault() && (await witness.until(has, `event #${last}`, AFTER_FAULT_MILLIS))) continue;
      throw new CheckEnded(notDelivered(witness, last, waitMillis, nameStalled()));
    }
  }

  async function tryPublish(
    events: readonly SeriesEvent[],
    witnesses: readonly LabClient[],
  ): Promise<BroadcastOutcome> {
    const inARow = eventsInARow(parts, route.usualMillis);
    for (let at = 0; at < events.length; at += inARow) {
      const chunk = events.slice(at, at + inARow);
      const outcome = await inTurn(chunk.map((event) => event.text));
      if (!outcome.ok) return outcome;
      await awaitEvents(chunk, witnesses);
    }
    return { ok: true, accepted: events.length };
  }

  async function publish(
    shapes: readonly EventShape[],
    witnesses: readonly LabClient[],
  ): Promise<readonly SeriesEvent[]> {
    const events = (await fitToRoute(shapes, { limit, series, send: inTurn, note: parts.note })).map(
      (shape) => series.next(shape),
    );
    const outcome = await tryPublish(events, witnesses);
    if (!outcome.ok) await endRefused(outcome, events.length);
    return events;
  }

  async function tryBurst(shapes: readonly EventShape[], deadlineMillis?: number) {
    if (!parts.isAlone) throw new Error('a burst from a check that shares the hub: make its isolation alone');
    const events = (await fitToRoute(shapes, { limit, series, send, note: parts.note })).map((shape) =>
      series.next(shape),
    );
    const texts = events.map((event) => event.text);
    const outcome = await send(texts, deadlineMillis);
    return { events, outcome };
  }

  return {
    join,
    publish,
    tryPublish,
    tryBurst,
    burstUnordered: (shapes, deadlineMillis) =>
      burstUnordered({ target, series, send, tryBurst, nowMillis }, shapes, deadlineMillis),
    async burst(shapes) {
      const { events, outcome } = await tryBurst(shapes);
      if (!outcome.ok) await endRefused(outcome, shapes.length);
      return events;
    },
    async fence(witnesses) {
      const [event] = await publish([{}], witnesses);
      return (event as SeriesEvent).sequence;
    },
    // A check that has the hub to itself may exceed the window on purpose.
    tryBroadcast: parts.isAlone ? send : inTurn,
    refusal,
  };
}

function endIfDisconnected(clients: readonly LabClient[], what: string): void {
  const disconnected = clients.find((client) => !client.isOpen);
  if (disconnected === undefined) return;
  throw new CheckEnded(
    fail(
      { expected: `a healthy client stays connected and ${what}`, got: describeState(disconnected) },
      basisOf(disconnected),
    ),
  );
}

function notDelivered(witness: LabClient, sequence: number, waitMillis: number, stalled: string) {
  const expected = `event #${sequence} reaches client ${witness.name} within ${waitMillis} ms`;
  return fail({ expected, got: `${describeState(witness)}${stalled}` }, basisOf(witness));
}
