// Publishing on a hub made by hand: what counts as refused, and what is waited for.
import { describe, expect, it } from 'vitest';
import { createSeries, type EventShape } from '../../../../session/series.ts';
import type { BroadcastOutcome } from '../../../../target/target.ts';
import { createSimulatedClock } from '../../../../testing/simulated/simulated-clock.ts';
import type { HubSession } from '../hub-session.ts';
import type { Member } from '../member.ts';
import { createPublisher } from './publisher.ts';

const EACH = { batch: 1, producers: 1, form: 'compact' };
const UNREACHABLE: BroadcastOutcome = { ok: false, kind: 'unreachable', problem: 'no answer' };

function createSession(
  answer: (at: number) => BroadcastOutcome,
  until: HubSession['waiter']['until'] = async (isDone) => isDone(),
): HubSession {
  const series = createSeries('s1');
  let [made, sent] = [0, 0];
  return {
    parts: { clock: createSimulatedClock(), waitMillis: 1_000 },
    waiter: { until },
    get nextSequence() {
      return made;
    },
    nextEvent(shape?: EventShape) {
      made++;
      return series.next(shape);
    },
    broadcast: async () => answer(sent++),
  } as unknown as HubSession;
}

describe('a publisher', () => {
  it('takes one request without an answer for chance, and two for a problem', async () => {
    const publish = async (failing: number) => {
      const session = createSession((at) => (at < failing ? UNREACHABLE : { ok: true, accepted: 1 }));
      const publisher = createPublisher(session, () => []);
      await publisher.publish([{}, {}, {}], EACH);
      return publisher;
    };
    const once = await publish(1);
    expect(once.problem).toBeUndefined();
    expect(once.published.map(({ isAccepted }) => isAccepted)).toEqual([false, true, true]);
    expect((await publish(2)).problem).toMatchObject({ kind: 'unreachable' });
  });

  it('takes a large request whose connection was cut for refused', async () => {
    const publisher = createPublisher(
      createSession(() => UNREACHABLE),
      () => [],
    );
    const large = { paddingBytes: 600 * 1024 };
    await publisher.publish([large, large], EACH);
    expect(publisher.problem).toMatchObject({ kind: 'refused' });
  });

  it('waits for the event more that it sends where something does not arrive', async () => {
    const record = { faults: [], sequences: [] as number[], lastSequence: -1 };
    const client = { isOpen: true, hasLeft: false, isReading: true, record };
    const arrive = (sequence: number): void => {
      record.sequences.push(sequence);
      record.lastSequence = sequence;
    };
    const seen: boolean[] = [];
    const session = createSession(
      () => ({ ok: true, accepted: 1 }),
      async (isDone) => {
        // Nothing arrives in the first wait, both events in the second.
        if (seen.push(isDone()) === 1) return false;
        for (const sequence of [0, 1]) {
          arrive(sequence);
          seen.push(isDone());
        }
        return true;
      },
    );
    const publisher = createPublisher(session, () => [{ owedFrom: 0, client } as unknown as Member]);
    await publisher.publish([{}], EACH);
    expect(seen).toEqual([false, false, false, true]);
    expect(publisher.isStuck).toBe(false);
  });
});
