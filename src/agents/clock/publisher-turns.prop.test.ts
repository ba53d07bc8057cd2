// Machines in simulated time that publish in turn, each by its own clock, with clients on all of them: the true latency of every delivery
// lies within its bounds, and is exact where one machine published and received. Where a clock is set, that holds for all together.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDeliveryRecorder, type DeliverySnapshot } from '../../ledger/latency/delivery-recorder.ts';
import { mergeHistograms } from '../../ledger/latency/latency-histogram.ts';
import { PublisherBlocks } from '../../ledger/latency/publisher-blocks.ts';
import type { ClockOffset } from '../../load/worker/agent/clock-offset.ts';
import { ownBlock } from '../../load/worker/agent/own-block.ts';
import { createSimulatedClock, type SimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { type Skew, skewClock } from '../../testing/simulated/skewed-clock.ts';
import { pause } from '../../time/deadline.ts';
import { startClockKeeper } from './clock-keeper.ts';

const BLOCK_MICROS = 1_000_000;
const AHEAD_MICROS = 400_000;
const STEP_MILLIS = 20;
const BLOCKS = 6;
/** The first and the last microsecond of a block are among them. */
const DUES_IN_BLOCK = [0, 1, 333_333, 500_000, 999_998, BLOCK_MICROS - 1];

type Ways = readonly (readonly [number, number])[];

/** An agent that may publish, and its clients. */
function startMachine(clock: SimulatedClock, skew: Skew, ways: Ways) {
  const own = skewClock(clock, skew);
  const blocks = new PublisherBlocks();
  const [seen, exact] = [createDeliveryRecorder(), createDeliveryRecorder()];
  let latest: ClockOffset = { offsetMicros: 0, errorMicros: 0, atMicros: 0, isContradicted: false };
  let question = 0;
  const readingOf = (offset: ClockOffset) => {
    return { ...offset, atMicros: offset.atMicros + offset.offsetMicros, blocks };
  };
  const keeper = startClockKeeper({
    clock: own,
    async ask() {
      const [there, back] = ways[question++ % ways.length] ?? [1, 1];
      await pause(clock, there);
      const receivedMicros = clock.nowMicros();
      await pause(clock, back);
      return { receivedMicros, answeredMicros: receivedMicros };
    },
    onOffset(offset) {
      latest = offset;
      seen.readClock(readingOf(offset));
    },
  });
  return {
    ...{ own, skew, blocks, keeper, seen, exact },
    offset: () => latest,
    /** The delivery alone; all together are in `seen`, and what they truly are in `exact`. */
    receive(dueMicros: number, trueMicros: number): DeliverySnapshot {
      const alone = createDeliveryRecorder();
      alone.readClock(readingOf({ ...latest, isContradicted: false }));
      const nowMicros = own.nowMicros() + latest.offsetMicros;
      for (const recorder of [alone, seen]) {
        recorder.tick(nowMicros);
        recorder.delivered(dueMicros, nowMicros);
      }
      exact.tick(clock.nowMicros());
      exact.delivered(clock.nowMicros() - trueMicros, clock.nowMicros());
      return alone.snapshot();
    },
  };
}

type Machine = ReturnType<typeof startMachine>;

interface Turns {
  readonly publishers: readonly number[];
  /** How much later than accepted the machines learn of blocks, in turn. */
  readonly lateMillis: readonly number[];
  readonly latencies: readonly number[];
}

interface Delivery {
  readonly dueMicros: number;
  /** By the publisher's clock. */
  readonly ownDueMicros: number;
  readonly trulyDueMicros: number;
  readonly arrivesMicros: number;
  readonly publisher: Machine;
}

/** The true time at which a clock that is not set reads `micros`. */
const trueTimeOf = (micros: number, { offMicros, ppm }: Skew) => (micros - offMicros) / (1 + ppm / 1e6);

function histogramsOf({ bounds }: DeliverySnapshot) {
  if (bounds === undefined) throw new Error('no bounds');
  const [lower, upper, own] = [bounds.lower, bounds.upper, bounds.own].map((one) => mergeHistograms([one]));
  return { lower, upper, own, unknown: bounds.unknown } as {
    readonly [each in 'lower' | 'upper' | 'own']: ReturnType<typeof mergeHistograms>;
  } & { readonly unknown: number };
}

/** `ownMicros`: what the clock of the machine that published and received says; undefined where these are two. */
function checkOne(snapshot: DeliverySnapshot, trueMicros: number, ownMicros: number | undefined): void {
  const { lower, upper, own, unknown } = histogramsOf(snapshot);
  const isExact = ownMicros !== undefined && unknown === 0;
  expect(own.count).toBe(isExact ? 1 : 0);
  // Times of 1e9 microseconds are exact to a ten-thousandth of one.
  const [leastMicros, mostMicros] = isExact ? [ownMicros, ownMicros] : [trueMicros, trueMicros];
  if (lower.belowRange === 0) expect(lower.meanMicros).toBeLessThanOrEqual(leastMicros + 0.01);
  expect(upper.meanMicros).toBeGreaterThanOrEqual(mostMicros - 0.01);
  expect(upper.belowRange).toBe(0);
  if (!isExact) return;
  for (const one of [lower, upper, own, mergeHistograms([snapshot.latency])])
    expect(Math.abs(one.meanMicros - ownMicros)).toBeLessThan(0.01);
}

function checkAll({ seen, exact }: Machine): void {
  const { lower, upper } = histogramsOf(seen.snapshot());
  const truth = mergeHistograms([exact.snapshot().latency]);
  expect([lower.count, upper.count]).toEqual([truth.count, truth.count]);
  for (const share of [0.1, 0.5, 0.9, 1]) {
    // Buckets are within 0.8 %.
    expect(lower.percentile(share)).toBeLessThanOrEqual(truth.percentile(share) * 1.01 + 10);
    expect(upper.percentile(share)).toBeGreaterThanOrEqual(truth.percentile(share) * 0.99 - 10);
  }
}

/** Announces the block to all machines, to each when the turn says; returns its events. */
function publishBlock(
  clock: SimulatedClock,
  machines: readonly Machine[],
  { fromMicros, index }: { readonly fromMicros: number; readonly index: number },
  { publishers, lateMillis, latencies }: Turns,
): Delivery[] {
  const publisher = machines[publishers[index % publishers.length] ?? 0] as Machine;
  const times = { fromMicros, untilMicros: fromMicros + BLOCK_MICROS };
  const { offsetMicros, ...forOthers } = ownBlock(times, publisher.offset());
  for (const [at, machine] of machines.entries()) {
    const announce = () =>
      machine.blocks.announce(machine === publisher ? { ...forOthers, offsetMicros } : forOthers);
    const late = lateMillis[(index + at) % lateMillis.length] ?? 0;
    if (late === 0) announce();
    else clock.after(late, announce);
  }
  return DUES_IN_BLOCK.map((inside, at) => {
    const dueMicros = fromMicros + inside;
    const ownDueMicros = dueMicros - offsetMicros;
    const trulyDueMicros = trueTimeOf(ownDueMicros, publisher.skew);
    const latencyMicros = latencies[(index * DUES_IN_BLOCK.length + at) % latencies.length] ?? 0;
    return {
      ...{ dueMicros, ownDueMicros, trulyDueMicros, publisher },
      arrivesMicros: trulyDueMicros + latencyMicros,
    };
  });
}

async function publishInTurn(
  clock: SimulatedClock,
  machines: readonly Machine[],
  turns: Turns,
): Promise<readonly DeliverySnapshot[]> {
  const beginMicros = Math.ceil(clock.nowMicros() / BLOCK_MICROS + 1) * BLOCK_MICROS;
  for (const { blocks } of machines)
    blocks.announce({ fromMicros: beginMicros, untilMicros: beginMicros, errorMicros: 0 });
  const received: DeliverySnapshot[] = [];
  let waiting: Delivery[] = [];
  let index = 0;
  while (index < BLOCKS || waiting.length > 0) {
    const fromMicros = beginMicros + index * BLOCK_MICROS;
    const nowMicros = clock.nowMicros();
    if (index < BLOCKS && nowMicros >= fromMicros - AHEAD_MICROS)
      waiting.push(...publishBlock(clock, machines, { fromMicros, index: index++ }, turns));
    const arriving = waiting.filter(({ arrivesMicros }) => arrivesMicros <= nowMicros);
    waiting = waiting.filter(({ arrivesMicros }) => arrivesMicros > nowMicros);
    for (const { dueMicros, ownDueMicros, trulyDueMicros, publisher } of arriving)
      for (const machine of machines) {
        const trueMicros = nowMicros - trulyDueMicros;
        const snapshot = machine.receive(dueMicros, trueMicros);
        const ownMicros = machine === publisher ? machine.own.nowMicros() - ownDueMicros : undefined;
        if (machine.skew.step === undefined) checkOne(snapshot, trueMicros, ownMicros);
        received.push(snapshot);
      }
    await clock.advanceAsync(STEP_MILLIS);
  }
  return received;
}

const way = fc.integer({ min: 0, max: 4 });
const ways = fc.array(fc.tuple(way, way), { minLength: 3, maxLength: 20 });
const skew = fc.record({
  offMicros: fc.integer({ min: -400_000, max: 400_000 }),
  ppm: fc.integer({ min: -100, max: 100 }),
});
const skewsOf = (count: number) => fc.array(skew, { minLength: count, maxLength: count });
const turnsOf = (publishers: number) =>
  fc.record({
    publishers: fc.array(fc.nat(publishers - 1), { minLength: 1, maxLength: BLOCKS }),
    lateMillis: fc.array(fc.constantFrom(0, 0, 0, 380, 700), { minLength: 1, maxLength: 5 }),
    latencies: fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 30 }),
  });

async function start(clock: SimulatedClock, skews: readonly Skew[], ways: Ways): Promise<Machine[]> {
  const machines = skews.map((skew) => startMachine(clock, skew, ways));
  await clock.advanceAsync(2_000);
  return machines;
}

async function finish(clock: SimulatedClock, machines: readonly Machine[]): Promise<void> {
  // Two more readings, so that a clock that was set last is noticed.
  await clock.advanceAsync(600);
  for (const machine of machines) machine.keeper.close();
}

it.each([2, 3])('holds the truth of %d machines with clocks that are off and drift', async (count) => {
  await fc.assert(
    fc.asyncProperty(skewsOf(count), ways, turnsOf(count), async (skews, ways, turns) => {
      const clock = createSimulatedClock();
      const machines = await start(clock, skews, ways);
      const received = await publishInTurn(clock, machines, turns);
      await finish(clock, machines);
      for (const machine of machines) checkAll(machine);
      const unknown = received.some(({ bounds }) => bounds?.unknown);
      if (turns.lateMillis.every((late) => late === 0)) expect(unknown).toBe(false);
    }),
    { numRuns: 10 },
  );
});

it('holds the truth of three machines, one of which has a clock that is set and does not publish', async () => {
  await fc.assert(
    fc.asyncProperty(
      ...[skewsOf(3), ways, turnsOf(2)],
      fc.constantFrom(-400_000, 90_000, 250_000),
      fc.integer({ min: 0, max: 8_000 }),
      async (skews, ways, turns, micros, afterMillis) => {
        const clock = createSimulatedClock();
        const step = { micros, atMicros: clock.nowMicros() + 2_000_000 + afterMillis * 1e3 };
        const machines = await start(clock, [...skews.slice(1), { ...(skews[0] as Skew), step }], ways);
        await publishInTurn(clock, machines, turns);
        await finish(clock, machines);
        for (const machine of machines) checkAll(machine);
      },
    ),
    { numRuns: 10 },
  );
});
