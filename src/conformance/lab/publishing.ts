// How a check makes the hub broadcast: the join barrier, paced events, fences and bursts.

import { passJoinBarrier } from '../../session/join-barrier.ts';
import type { EventShape, Series, SeriesEvent } from '../../session/series.ts';
import type { Waiter } from '../../session/wait-until.ts';
import type { Pacer } from '../../session/window.ts';
import type { BroadcastOutcome, Target } from '../../target/target.ts';
import { CheckEnded, error, type Finding, fail } from '../finding.ts';
import type { Lab } from './lab.ts';
import type { LabClient } from './lab-client.ts';
import { explainUnanswered } from './unanswered.ts';

export interface PublishingParts {
  readonly target: Target;
  readonly series: Series;
  readonly waiter: Waiter;
  readonly pacer: Pacer;
  readonly isAlone: boolean;
  readonly waitMillis: number;
  readonly elapsedMillis: () => number;
  readonly stalledClients: () => readonly LabClient[];
}

type Publishing = Pick<
  Lab,
  'join' | 'publish' | 'tryPublish' | 'burst' | 'tryBurst' | 'fence' | 'tryBroadcast' | 'refusal'
>;

type Refused = Extract<BroadcastOutcome, { ok: false }>;

const AFTER_FAULT_MILLIS = 500;

export function createPublishing(parts: PublishingParts): Publishing {
  const { target, series, waiter, pacer, waitMillis } = parts;

  const tookMillis: number[] = [];

  async function timed(texts: readonly string[], deadlineMillis = waitMillis) {
    const startMillis = parts.elapsedMillis();
    const outcome = await target.broadcast(texts, { deadlineMillis });
    const millis = parts.elapsedMillis() - startMillis;
    if (outcome.ok) tookMillis.push(millis);
    return { outcome, millis };
  }

  async function send(texts: readonly string[], deadlineMillis?: number): Promise<BroadcastOutcome> {
    return (await timed(texts, deadlineMillis)).outcome;
  }

  async function broadcast(texts: readonly string[]): Promise<void> {
    const outcome = await send(texts);
    if (!outcome.ok) throw new CheckEnded(await refusal(outcome, texts.length));
  }

  async function refusal(outcome: Refused, count: number): Promise<Finding> {
    if (outcome.kind !== 'timeout')
      return error(`the hub could not be made to broadcast: ${outcome.problem}`);
    const stalled = parts.stalledClients();
    const got = await explainUnanswered({
      problem: outcome.problem,
      stalled: stalled.map(describeStall),
      earlierMillis: tookMillis.slice(),
      async callWithoutStalled() {
        for (const client of stalled) client.destroy();
        return timed([series.nextNonce().text]);
      },
    });
    return fail({
      expected: `the hub takes ${count === 1 ? 'an event' : `${count} events`} within ${waitMillis} ms`,
      got,
    });
  }

  function describeStall({ name, stoppedAtMillis = 0 }: LabClient): string {
    return `client ${name} (for ${Math.round(parts.elapsedMillis() - stoppedAtMillis)} ms)`;
  }

  async function join(clients: readonly LabClient[]): Promise<void> {
    let last = -1;
    const hasJoined = (client: LabClient): boolean => client.record.lastNonce >= 0;
    const { nonces } = await passJoinBarrier({
      isPassed: () => clients.every((client) => hasJoined(client) || !client.isOpen),
      async sendNonce(untilSeen) {
        const release = await pacer.take(1);
        try {
          const nonce = series.nextNonce();
          await broadcast([nonce.text]);
          last = nonce.sequence;
          await untilSeen();
        } finally {
          release();
        }
        return true;
      },
      waiter,
      nowMillis: parts.elapsedMillis,
      deadlineMillis: waitMillis,
    });
    endIfDisconnected(clients, 'takes part in broadcasts');
    const missing = clients.filter((client) => !hasJoined(client));
    if (missing.length > 0) throw new CheckEnded(neverJoined(missing, nonces, waitMillis));
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
      const faultsBefore = record.faults.length;
      const has = (): boolean => record.sequences.at(-1) === last || record.sequences.includes(last);
      // A message that cannot be read may be the one: then little is left to wait for.
      await witness.until(() => has() || record.faults.length > faultsBefore, `event #${last}`);
      if (
        has() ||
        (record.faults.length > faultsBefore &&
          (await witness.until(has, `event #${last}`, AFTER_FAULT_MILLIS)))
      )
        continue;
      throw new CheckEnded(notDelivered(witness, last, waitMillis));
    }
  }

  async function tryPublish(
    events: readonly SeriesEvent[],
    witnesses: readonly LabClient[],
  ): Promise<BroadcastOutcome> {
    for (let at = 0; at < events.length; at += pacer.limit) {
      const chunk = events.slice(at, at + pacer.limit);
      const release = await pacer.take(chunk.length);
      try {
        const outcome = await send(chunk.map((event) => event.text));
        if (!outcome.ok) return outcome;
        await awaitEvents(chunk, witnesses);
      } finally {
        release();
      }
    }
    return { ok: true, accepted: events.length };
  }

  async function publish(
    shapes: readonly EventShape[],
    witnesses: readonly LabClient[],
  ): Promise<readonly SeriesEvent[]> {
    const events = shapes.map((shape) => series.next(shape));
    const outcome = await tryPublish(events, witnesses);
    if (!outcome.ok) throw new CheckEnded(await refusal(outcome, events.length));
    return events;
  }

  async function tryBurst(shapes: readonly EventShape[], deadlineMillis?: number) {
    if (!parts.isAlone) throw new Error('a burst from a check that shares the hub: make its isolation alone');
    const events = shapes.map((shape) => series.next(shape));
    const texts = events.map((event) => event.text);
    const outcome = await send(texts, deadlineMillis);
    return { events, outcome };
  }

  return {
    join,
    publish,
    tryPublish,
    tryBurst,
    async burst(shapes) {
      const { events, outcome } = await tryBurst(shapes);
      if (!outcome.ok) throw new CheckEnded(await refusal(outcome, shapes.length));
      return events;
    },
    async fence(witnesses) {
      const [event] = await publish([{}], witnesses);
      return (event as SeriesEvent).sequence;
    },
    tryBroadcast: send,
    refusal,
  };
}

function endIfDisconnected(clients: readonly LabClient[], what: string): void {
  const disconnected = clients.find((client) => !client.isOpen);
  if (disconnected === undefined) return;
  throw new CheckEnded(
    fail({ expected: `a healthy client stays connected and ${what}`, got: describeState(disconnected) }),
  );
}

function neverJoined(missing: readonly LabClient[], nonces: number, waitMillis: number) {
  const names = missing.map((client) => client.name).join(', ');
  const fault = missing.find((client) => client.record.faults.length > 0)?.record.faults[0];
  return fail({
    expected: `a connected client receives events broadcast after it connected, within ${waitMillis} ms`,
    got: `client ${names} received none of ${nonces} events that the hub accepted${fault === undefined ? '' : `; first fault: ${fault.problem}`}`,
  });
}

function notDelivered(witness: LabClient, sequence: number, waitMillis: number) {
  return fail({
    expected: `event #${sequence} reaches client ${witness.name} within ${waitMillis} ms`,
    got: describeState(witness),
  });
}

/** Where a client stands, for the `got` of a finding. */
export function describeState(client: LabClient): string {
  const { record, end, name } = client;
  const last = record.sequences.at(-1);
  const received = `${record.sequences.length} events${last === undefined ? '' : `, the last #${last}`}`;
  const close = record.closes[0];
  const closed = close === undefined ? 'without a Close frame' : `after Close ${close.code}`;
  const state =
    end === undefined
      ? 'is still connected'
      : `was disconnected at ${Math.round(end.atMillis)} ms ${closed} (${end.code ?? end.kind})`;
  const fault = record.faults[0] === undefined ? '' : `; first fault: ${record.faults[0].problem}`;
  return `client ${name} ${state}; it received ${received}${fault}`;
}
