// Publishing on a simulated clock: due times do not drift, lateness is counted, what the hub did not accept is known.
import { describe, expect, it } from 'vitest';
import { decodeProbe, PROBE_FIELD } from '../../protocol/probe.ts';
import type { BroadcastOutcome, Target } from '../../target/target.ts';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { createSchedule, type DueEvent } from '../plan/schedule.ts';
import { createStagedSchedule } from '../plan/stages/rate-stages.ts';
import { Publisher } from './publisher.ts';

function* steadyTimeline(everyMillis: number, events: number) {
  for (let i = 0; i < events; i++)
    yield { atMillis: i * everyMillis, envelope: { type: 'x', appId: 'a', payload: {} } };
}

/** A hub that takes `serviceMillis` for each request. */
function createSlowTarget(
  clock: ReturnType<typeof createSimulatedClock>,
  serviceMillis: number,
  failAfter = Number.POSITIVE_INFINITY,
  isBatching = true,
) {
  const requests: { readonly atMicros: number; readonly sequences: number[] }[] = [];
  const target = {
    abilities: { batch: isBatching },
    broadcast(texts: readonly string[]): Promise<BroadcastOutcome> {
      const sequences = texts.map(
        (text) =>
          decodeProbe((JSON.parse(text) as { payload: Record<string, unknown> }).payload[PROBE_FIELD])
            ?.sequence ?? -1,
      );
      requests.push({ atMicros: clock.nowMicros(), sequences });
      const outcome: BroadcastOutcome =
        requests.length > failAfter
          ? { ok: false, kind: 'refused', problem: 'HTTP 500' }
          : { ok: true, accepted: texts.length };
      return new Promise((resolve) => clock.after(serviceMillis, () => resolve(outcome)));
    },
  } as unknown as Target;
  return { target, requests };
}

async function runOut(
  clock: ReturnType<typeof createSimulatedClock>,
  publisher: Publisher,
  schedule: Iterator<DueEvent>,
  millis: number,
): Promise<void> {
  const stop = new AbortController();
  const running = publisher.run(schedule, stop.signal);
  for (let i = 0; i < millis; i++) await clock.advanceAsync(1);
  stop.abort();
  await clock.advanceAsync(10_000);
  await running;
}

describe('Publisher', () => {
  it('sends each event when it is due, in one order', async () => {
    const clock = createSimulatedClock();
    const { target, requests } = createSlowTarget(clock, 0);
    const start = clock.nowMicros();
    const publisher = new Publisher(target, 'r', clock);
    await runOut(clock, publisher, createSchedule(steadyTimeline(10, 50), start), 600);
    expect(requests.flatMap(({ sequences }) => sequences)).toEqual(
      Array.from({ length: 50 }, (_, index) => index),
    );
    for (const [index, { atMicros }] of requests.entries())
      expect(atMicros - start - index * 10_000).toBeLessThanOrEqual(1_000);
    expect(publisher.acceptedEvents).toBe(50);
  });

  it('sends together what came due while a request was under way, and counts how late it was', async () => {
    const clock = createSimulatedClock();
    const { target, requests } = createSlowTarget(clock, 100);
    const publisher = new Publisher(target, 'r', clock);
    publisher.measuredFromMicros = 0;
    await runOut(clock, publisher, createSchedule(steadyTimeline(10, 50), clock.nowMicros()), 1_000);
    expect(requests.length).toBeLessThan(10);
    expect(requests.flatMap(({ sequences }) => sequences)).toEqual(
      Array.from({ length: 50 }, (_, index) => index),
    );
    expect(publisher.lateness.summary().max).toBeGreaterThanOrEqual(85_000);
  });

  it('counts as measured what was due in the measured time, and nothing before or after it', async () => {
    const clock = createSimulatedClock();
    const { target } = createSlowTarget(clock, 0);
    const publisher = new Publisher(target, 'r', clock);
    const start = clock.nowMicros();
    publisher.measuredFromMicros = start + 100_000;
    Object.assign(publisher.pace, { fromMicros: start + 100_000, untilMicros: start + 300_000 });
    await runOut(clock, publisher, createSchedule(steadyTimeline(10, 50), start), 600);
    expect([publisher.acceptedEvents, publisher.measuredAccepted]).toEqual([50, 20]);
  });

  it('counts no event of the warm-up that is still due when the measured time begins', async () => {
    const clock = createSimulatedClock();
    const { target } = createSlowTarget(clock, 0);
    const publisher = new Publisher(target, 'r', clock);
    const start = clock.nowMicros();
    const timeline = steadyTimeline(10, 50);
    const stages = [{ durationMillis: 300, target: 0 }];
    const schedule = createStagedSchedule(timeline, start, stages, () => publisher.measuredFromMicros);
    clock.after(250, () => {
      publisher.measuredFromMicros = start + 250_000;
      Object.assign(publisher.pace, { fromMicros: start + 250_000, untilMicros: start + 550_000 });
    });
    await runOut(clock, publisher, schedule, 600);
    expect([publisher.acceptedEvents, publisher.measuredAccepted]).toEqual([4, 0]);
  });

  it('calls the target once for each event where a request holds one, so that they do not share a deadline', async () => {
    const clock = createSimulatedClock();
    const { target, requests } = createSlowTarget(clock, 100, Number.POSITIVE_INFINITY, false);
    const publisher = new Publisher(target, 'r', clock);
    const start = clock.nowMicros();
    Object.assign(publisher.pace, { fromMicros: start, untilMicros: start + 450_000 });
    await runOut(clock, publisher, createSchedule(steadyTimeline(10, 500), start), 450);
    expect(requests.map(({ sequences }) => sequences)).toEqual([[0], [1], [2], [3], [4]]);
    expect(publisher.pace.counts()).toMatchObject({ askedEvents: 45, sentEvents: 5 });
    const events = [0, 1, 2].map(() => ({ dueMicros: 0, envelope: { type: 'x', appId: 'a', payload: {} } }));
    const isAccepted = publisher.publish(events);
    for (let millis = 0; millis < 400; millis++) await clock.advanceAsync(1);
    expect(await isAccepted).toBe(true);
    expect(requests.slice(5).map(({ sequences }) => sequences)).toEqual([[5], [6], [7]]);
  });

  it('does not drift at 10,000 events a second, not even after the hub stood still', async () => {
    const clock = createSimulatedClock();
    const { target, requests } = createSlowTarget(clock, 0);
    const start = clock.nowMicros();
    let hasStood = false;
    const standing = {
      abilities: { batch: true },
      broadcast(texts: readonly string[]) {
        const outcome = target.broadcast(texts);
        if (hasStood || clock.nowMicros() < start + 500_000) return outcome;
        hasStood = true;
        return new Promise((resolve) => clock.after(200, () => resolve(outcome)));
      },
    } as unknown as Target;
    const publisher = new Publisher(standing, 'r', clock);
    const schedule = createSchedule(steadyTimeline(0, 20_000), start, 10_000);
    await runOut(clock, publisher, schedule, 2_100);
    expect(publisher.acceptedEvents).toBe(20_000);
    const late = requests.flatMap(({ atMicros, sequences }) =>
      sequences.map((sequence) => atMicros - (start + sequence * 100)),
    );
    expect(Math.max(...late.slice(0, 5_000))).toBeLessThanOrEqual(1_000);
    expect(Math.max(...late.slice(5_000, 8_000))).toBeGreaterThan(150_000);
    expect(Math.max(...late.slice(10_000))).toBeLessThanOrEqual(1_000);
  });

  /** Answers with `answers` in turn, the last one for good. */
  function createTarget(...answers: readonly BroadcastOutcome[]) {
    const sizes: number[] = [];
    const target = {
      abilities: { batch: true },
      async broadcast(texts: readonly string[]): Promise<BroadcastOutcome> {
        const answer = answers[Math.min(sizes.push(texts.length), answers.length) - 1];
        return answer === undefined || answer.ok ? { ok: true, accepted: texts.length } : answer;
      },
    } as unknown as Target;
    return { target, sizes };
  }
  const TAKEN: BroadcastOutcome = { ok: true, accepted: 1 };
  const refusedWith = (status: number): BroadcastOutcome => ({
    ok: false,
    kind: 'refused',
    status,
    problem: `answered ${status}`,
  });

  it.each([413, 429, 500, 503])('counts a single %i and goes on', async (status) => {
    const clock = createSimulatedClock();
    const { target } = createTarget(TAKEN, TAKEN, refusedWith(status), TAKEN);
    const publisher = new Publisher(target, 'r', clock);
    const refused: number[][] = [];
    publisher.onRefused = (from, to) => refused.push([from, to]);
    await runOut(clock, publisher, createSchedule(steadyTimeline(10, 50), clock.nowMicros()), 600);
    expect([publisher.acceptedEvents, publisher.unansweredEvents, publisher.failure]).toEqual([
      49,
      0,
      undefined,
    ]);
    expect(refused).toEqual([[2, 2]]);
    expect(publisher.record.result(0)).toMatchObject({
      accepted: 49,
      refused: 1,
      unanswered: 0,
      refusals: [{ status, events: 1, reason: `answered ${status}` }],
    });
  });

  it('gives up a route whose first answer says that the request is wrong', async () => {
    const clock = createSimulatedClock();
    const { target, sizes } = createTarget(refusedWith(401));
    const publisher = new Publisher(target, 'r', clock);
    await runOut(clock, publisher, createSchedule(steadyTimeline(10, 50), clock.nowMicros()), 600);
    expect(publisher.failure).toMatchObject({ problem: 'answered 401' });
    expect(sizes).toHaveLength(1);
  });

  it('sends the events again that the request of a refused one did not hold', async () => {
    const clock = createSimulatedClock();
    const partly = { ...refusedWith(500), accepted: 1, refused: 1 } as BroadcastOutcome;
    const { target, sizes } = createTarget(partly, TAKEN);
    const publisher = new Publisher(target, 'r', clock);
    await runOut(clock, publisher, createSchedule(steadyTimeline(0, 5), clock.nowMicros()), 50);
    expect(sizes).toEqual([5, 3]);
    expect(publisher.record.result(0)).toMatchObject({ accepted: 4, refused: 1 });
  });

  it('sends smaller requests after one was refused for what it holds', async () => {
    const clock = createSimulatedClock();
    const { target, sizes } = createTarget(TAKEN, refusedWith(400), TAKEN);
    const publisher = new Publisher(target, 'r', clock);
    const schedule = createSchedule(steadyTimeline(0, 20), clock.nowMicros());
    await publisher.publish([{ dueMicros: 0, envelope: { type: 'x', appId: 'a', payload: {} } }]);
    await publisher.publish([...schedule].slice(0, 8));
    await runOut(clock, publisher, createSchedule(steadyTimeline(0, 8), clock.nowMicros()), 50);
    expect(sizes).toEqual([1, 8, 4, 4]);
  });

  it.each([
    [0, { askedEvents: 51, sentEvents: 51 }],
    [200, { askedEvents: 51, sentEvents: 41, waitedMicros: 500_001 }],
  ])('counts what came due and was sent in the measured time, at %i ms a request', async (millis, counts) => {
    const clock = createSimulatedClock();
    const { target } = createSlowTarget(clock, millis);
    const publisher = new Publisher(target, 'r', clock);
    const start = clock.nowMicros();
    Object.assign(publisher.pace, { fromMicros: start, untilMicros: start + 500_001 });
    await runOut(clock, publisher, createSchedule(steadyTimeline(10, 500), start), 501);
    expect(publisher.pace.counts()).toMatchObject(counts);
  });

  it('counts a backlog without an end up to a bound', async () => {
    const clock = createSimulatedClock();
    const { target } = createSlowTarget(clock, 400);
    const publisher = new Publisher(target, 'r', clock);
    const start = clock.nowMicros();
    Object.assign(publisher.pace, { fromMicros: start, untilMicros: start + 500_000 });
    await runOut(clock, publisher, createSchedule(steadyTimeline(0, 1e9), start), 500);
    const { askedEvents = 0, sentEvents = 0 } = publisher.pace.counts() ?? {};
    expect(sentEvents).toBeLessThanOrEqual(1_024);
    expect(askedEvents).toBeGreaterThan(10_000);
    expect(askedEvents).toBeLessThan(50_000);
  });

  it('extrapolates a backlog that began before the measured time, and reads little of it', async () => {
    const clock = createSimulatedClock();
    const { target } = createSlowTarget(clock, 400);
    const publisher = new Publisher(target, 'r', clock);
    const start = clock.nowMicros();
    Object.assign(publisher.pace, { fromMicros: start + 1e6, untilMicros: start + 3e6 });
    let read = 0;
    function* counted() {
      for (const event of steadyTimeline(0, 1e9)) {
        read++;
        yield event;
      }
      return undefined;
    }
    await runOut(clock, publisher, createSchedule(counted(), start, 1_000_000), 3_000);
    expect(publisher.pace.counts()).toMatchObject({ askedEvents: 2_000_000, sentEvents: 0 });
    expect(read).toBeLessThan(20_000);
  });

  it('reads the backlog from the rest of the schedule, so that what was not sent is not counted as sent', async () => {
    const clock = createSimulatedClock();
    const { target } = createSlowTarget(clock, 400);
    const publisher = new Publisher(target, 'r', clock);
    const start = clock.nowMicros();
    Object.assign(publisher.pace, { fromMicros: start, untilMicros: start + 500_000 });
    const schedule = createSchedule(steadyTimeline(0, 1e9), start, 100_000);
    let taken = 0;
    function* counted() {
      for (const event of schedule) {
        taken++;
        yield event;
      }
      return undefined;
    }
    const stop = new AbortController();
    const running = publisher.run(counted(), stop.signal, schedule);
    await clock.advanceAsync(500);
    stop.abort();
    await clock.advanceAsync(10_000);
    await running;
    const { askedEvents, sentEvents } = publisher.pace.counts() ?? {};
    expect(askedEvents).toBeGreaterThan(49_000);
    expect(taken).toBeLessThanOrEqual((sentEvents ?? 0) + 1);
  });

  it('publishes nothing after an event that was not answered', async () => {
    const clock = createSimulatedClock();
    const unanswered: BroadcastOutcome = { ok: false, kind: 'timeout', problem: 'no answer', accepted: 1 };
    const publisher = new Publisher(
      { abilities: { batch: true }, broadcast: async () => unanswered } as unknown as Target,
      'r',
      clock,
    );
    const event = { dueMicros: 0, envelope: { type: 'x', appId: 'a', payload: {} } };
    expect(await publisher.publish([event, event, event])).toBe(false);
    expect(await publisher.publish([event])).toBe(false);
    expect([publisher.acceptedEvents, publisher.unansweredEvents]).toEqual([1, 2]);
    expect(publisher.record.result(0)).toMatchObject({ requests: 1, accepted: 1, unanswered: 2 });
  });
});

describe('createSchedule', () => {
  it('spaces events evenly on an absolute scale when a rate is given', () => {
    const due = [...createSchedule(steadyTimeline(7, 1_000), 5e6, 300)].map(({ dueMicros }) => dueMicros);
    expect(due[999]).toBeCloseTo(5e6 + (999 * 1e6) / 300, 3);
  });

  it('is exact after 30 s at 10,000 events a second', () => {
    let last = 0;
    for (const { dueMicros } of createSchedule(steadyTimeline(0, 300_000), 5e6, 10_000)) last = dueMicros;
    expect(last).toBe(5e6 + 299_999 * 100);
  });
});
