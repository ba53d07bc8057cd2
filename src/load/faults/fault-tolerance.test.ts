// Publishing on a simulated clock while the hub is under a fault: what it does not take, nobody is owed, and nothing ends.
import { describe, expect, it } from 'vitest';
import type { BroadcastOutcome, Target } from '../../target/target.ts';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { Publisher } from '../coordinator/publisher.ts';
import { judgePace } from '../result/findings/pace.ts';
import { createFaultTolerance } from './fault-tolerance.ts';
import { createFaultLog } from './fault-window.ts';

const SECOND = 1e6;

/** An event every 100 ms for 10 s; the hub answers as `answer` says, which may take its time. */
function setUp(
  answer: (nowMicros: number) => readonly [BroadcastOutcome['ok'] | 'unreachable' | 'timeout', number],
) {
  const clock = createSimulatedClock({ startMicros: 0 });
  const log = createFaultLog();
  const sentMicros: number[] = [];
  const target = {
    abilities: { batch: true },
    async broadcast(texts: readonly string[]): Promise<BroadcastOutcome> {
      sentMicros.push(clock.nowMicros());
      const [kind, millis] = answer(clock.nowMicros());
      await new Promise<void>((resolve) => clock.after(millis, resolve));
      return kind === true
        ? { ok: true, accepted: texts.length }
        : { ok: false, kind: kind === false ? 'refused' : kind, problem: 'no' };
    },
  } as unknown as Target;
  const publisher = new Publisher(target, 'r', clock);
  const stop = new AbortController();
  publisher.faults = createFaultTolerance(target, log, clock, stop.signal);
  const refused: number[][] = [];
  publisher.onRefused = (from, to) => refused.push([from, to]);
  Object.assign(publisher.pace, { fromMicros: 0, untilMicros: 10 * SECOND });
  publisher.measuredFromMicros = 0;
  function* schedule() {
    for (let at = 0; at < 10 * SECOND; at += SECOND / 10)
      yield { dueMicros: at, envelope: { type: 'x', appId: 'a', payload: {} } };
    return undefined;
  }
  const run = async () => {
    const running = publisher.run(schedule(), stop.signal);
    await clock.advanceAsync(30_000);
    await running;
    const counts = publisher.pace.counts();
    if (counts === undefined) throw new Error('nothing was measured');
    return judgePace(counts, publisher.lateness.summary(), { utilization: 0.1 });
  };
  return { clock, log, publisher, refused, sentMicros, run };
}

/** `at` is within the fault from 3 s to 5 s. */
const isDuring = (at: number) => at >= 3 * SECOND && at < 5 * SECOND;

describe('a publisher whose hub is under a fault', () => {
  it('goes on after events that found nobody there', async () => {
    const { log, publisher, refused, run } = setUp((now) => (isDuring(now) ? ['unreachable', 1] : [true, 1]));
    log.begin({ kind: 'kill', text: 'kill', hubs: [0], fromMicros: 3 * SECOND });
    log.end(0, 5 * SECOND);
    expect(await run()).toMatchObject({ limitedBy: null });
    expect(publisher.failure).toBeUndefined();
    expect(publisher.acceptedEvents).toBe(80);
    expect(refused.map(([from]) => from)).toEqual(Array.from({ length: 20 }, (_, index) => 30 + index));
    expect(publisher.record.result(0)).toMatchObject({
      accepted: 80,
      refused: 20,
      duringFaults: 20,
      refusals: [],
    });
  });

  it('waits for a frozen hub, and is not late by its own fault', async () => {
    const until = (now: number) => (isDuring(now) ? (5 * SECOND - now) / 1e3 : 1);
    const { log, publisher, run } = setUp((now) => [true, until(now)]);
    log.begin({ kind: 'freeze', text: 'freeze for=2s', hubs: [0], fromMicros: 3 * SECOND });
    log.end(0, 5 * SECOND);
    expect(await run()).toMatchObject({ limitedBy: null });
    expect(publisher.acceptedEvents).toBe(100);
    expect(publisher.lateness.maxMicros).toBeGreaterThan(1.8 * SECOND);
    expect(publisher.record.result(0).longest?.latencyMicros).toBeLessThan(10_000);
  });

  it('sends nothing after a request without an answer until the fault is over', async () => {
    const { log, publisher, refused, sentMicros, run } = setUp((now) =>
      isDuring(now) ? ['timeout', 500] : [true, 1],
    );
    log.begin({ kind: 'freeze', text: 'freeze for=2s', hubs: [0], fromMicros: 3 * SECOND });
    log.end(0, 5 * SECOND);
    await run();
    expect(publisher.failure).toBeUndefined();
    expect(refused).toEqual([[30, 30]]);
    expect(sentMicros.filter(isDuring)).toHaveLength(1);
    expect(publisher.record.result(0)).toMatchObject({ unanswered: 1, duringFaults: 1 });
  });

  it('ends where the hub is away without a fault, or under one that keeps it from nothing', async () => {
    const { log, publisher, run } = setUp((now) => (isDuring(now) ? ['unreachable', 1] : [true, 1]));
    log.begin({ kind: 'partition', text: 'partition for=2s', hubs: [0], fromMicros: 3 * SECOND });
    log.end(0, 5 * SECOND);
    await run();
    expect(publisher.failure).toMatchObject({ kind: 'unreachable' });
    expect(publisher.unansweredEvents).toBe(1);
  });
});
