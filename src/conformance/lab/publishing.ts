// How a check makes the hub broadcast: the join barrier, paced events, fences and bursts.
import type { BroadcastOutcome, Target } from '../../target/target.ts';
import { CheckEnded, error, fail } from '../finding.ts';
import type { Lab } from './lab.ts';
import type { LabClient } from './lab-client.ts';
import type { Pacer } from './pacer.ts';
import type { EventShape, Series, SeriesEvent } from './series.ts';
import type { Waits } from './waits.ts';

export interface PublishingParts {
  readonly target: Target;
  readonly series: Series;
  readonly waits: Waits;
  readonly pacer: Pacer;
  readonly isAlone: boolean;
  readonly patienceMillis: number;
  readonly elapsedMillis: () => number;
  readonly note: (line: string) => void;
}

type Publishing = Pick<
  Lab,
  'join' | 'publish' | 'tryPublish' | 'burst' | 'tryBurst' | 'fence' | 'tryBroadcast'
>;

// The first nonce usually does; a hub that registers late gets more time with each.
const FIRST_NONCE_WAIT_MILLIS = 50;
const LAST_NONCE_WAIT_MILLIS = 1_000;
const AFTER_FAULT_MILLIS = 500;

export function createPublishing(parts: PublishingParts): Publishing {
  const { target, series, waits, pacer, patienceMillis } = parts;

  async function broadcast(texts: readonly string[], deadlineMillis = patienceMillis): Promise<void> {
    const outcome = await target.broadcast(texts, { deadlineMillis });
    if (!outcome.ok) throw new CheckEnded(findingOf(outcome, texts.length, deadlineMillis));
  }

  async function join(clients: readonly LabClient[]): Promise<void> {
    const untilMillis = parts.elapsedMillis() + patienceMillis;
    let waitMillis = FIRST_NONCE_WAIT_MILLIS;
    let nonces = 0;
    let last = -1;
    const hasJoined = (client: LabClient): boolean => client.inbox.lastNonce >= 0;
    while (!clients.every(hasJoined)) {
      endIfGone(clients, 'takes part in broadcasts');
      if (parts.elapsedMillis() >= untilMillis)
        throw new CheckEnded(
          neverJoined(
            clients.filter((c) => !hasJoined(c)),
            nonces,
            patienceMillis,
          ),
        );
      const release = await pacer.take(1);
      try {
        const nonce = series.nextNonce();
        await broadcast([nonce.text]);
        last = nonce.sequence;
        nonces++;
        const isOver = (): boolean => clients.every((client) => hasJoined(client) || !client.isOpen);
        await waits.until(isOver, () => false, 'a nonce at every client', waitMillis);
      } finally {
        release();
      }
      waitMillis = Math.min(waitMillis * 2, LAST_NONCE_WAIT_MILLIS);
    }
    // Nothing of the barrier may still be under way when the check begins.
    const hasLast = (client: LabClient): boolean => client.inbox.lastNonce >= last;
    await waits.until(
      () => clients.every((c) => hasLast(c) || !c.isOpen),
      () => false,
      'the last nonce at every client',
    );
    endIfGone(clients, 'takes part in broadcasts');
  }

  async function awaitEvents(events: readonly SeriesEvent[], witnesses: readonly LabClient[]): Promise<void> {
    const last = events.at(-1)?.sequence ?? -1;
    for (const witness of witnesses) {
      const { inbox } = witness;
      const faultsBefore = inbox.faults.length;
      const has = (): boolean => inbox.sequences.at(-1) === last || inbox.sequences.includes(last);
      // A message that cannot be read may be the one: then little is left to wait for.
      await witness.until(() => has() || inbox.faults.length > faultsBefore, `event #${last}`);
      if (
        has() ||
        (inbox.faults.length > faultsBefore &&
          (await witness.until(has, `event #${last}`, AFTER_FAULT_MILLIS)))
      )
        continue;
      throw new CheckEnded(notDelivered(witness, last, patienceMillis));
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
        const outcome = await target.broadcast(
          chunk.map((event) => event.text),
          { deadlineMillis: patienceMillis },
        );
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
    if (!outcome.ok) throw new CheckEnded(findingOf(outcome, events.length, patienceMillis));
    return events;
  }

  async function tryBurst(shapes: readonly EventShape[], deadlineMillis = patienceMillis) {
    if (!parts.isAlone) throw new Error('a burst from a check that shares the hub: make its isolation alone');
    const events = shapes.map((shape) => series.next(shape));
    const outcome = await target.broadcast(
      events.map((event) => event.text),
      { deadlineMillis },
    );
    return { events, outcome };
  }

  return {
    join,
    publish,
    tryPublish,
    tryBurst,
    async burst(shapes) {
      const { events, outcome } = await tryBurst(shapes);
      if (!outcome.ok) throw new CheckEnded(findingOf(outcome, shapes.length, patienceMillis));
      return events;
    },
    async fence(witnesses) {
      const [event] = await publish([{}], witnesses);
      return (event as SeriesEvent).sequence;
    },
    tryBroadcast: (texts, deadlineMillis = patienceMillis) => target.broadcast(texts, { deadlineMillis }),
  };
}

function findingOf(outcome: BroadcastOutcome & { ok: false }, count: number, deadlineMillis: number) {
  if (outcome.kind === 'timeout') {
    return fail({
      expected: `the hub takes ${count === 1 ? 'an event' : `${count} events`} within ${deadlineMillis} ms`,
      got: outcome.problem,
    });
  }
  return error(`the hub could not be made to broadcast: ${outcome.problem}`);
}

function endIfGone(clients: readonly LabClient[], what: string): void {
  const gone = clients.find((client) => !client.isOpen);
  if (gone === undefined) return;
  throw new CheckEnded(
    fail({ expected: `a healthy client stays connected and ${what}`, got: describeState(gone) }),
  );
}

function neverJoined(missing: readonly LabClient[], nonces: number, patienceMillis: number) {
  const names = missing.map((client) => client.name).join(', ');
  const fault = missing.find((client) => client.inbox.faults.length > 0)?.inbox.faults[0];
  return fail({
    expected: `a connected client receives events broadcast after it connected, within ${patienceMillis} ms`,
    got: `client ${names} received none of ${nonces} events that the hub accepted${fault === undefined ? '' : `; first fault: ${fault.problem}`}`,
  });
}

function notDelivered(witness: LabClient, sequence: number, patienceMillis: number) {
  return fail({
    expected: `event #${sequence} reaches client ${witness.name} within ${patienceMillis} ms`,
    got: describeState(witness),
  });
}

/** Where a client stands, for the `got` of a finding. */
export function describeState(client: LabClient): string {
  const { inbox, end, name } = client;
  const last = inbox.sequences.at(-1);
  const received = `${inbox.sequences.length} events${last === undefined ? '' : `, the last #${last}`}`;
  const close = inbox.closes[0];
  const closed = close === undefined ? 'without a Close frame' : `after Close ${close.code}`;
  const state =
    end === undefined
      ? 'is still connected'
      : `was disconnected at ${Math.round(end.atMillis)} ms ${closed} (${end.code ?? end.kind})`;
  const fault = inbox.faults[0] === undefined ? '' : `; first fault: ${inbox.faults[0].problem}`;
  return `client ${name} ${state}; it received ${received}${fault}`;
}
