// Agents in simulated time that publish in turn: whatever is slow, refused, declined, late or lost, there is one order, each event is
// sent once at most, and the account says of each what the hub knows of it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PublisherBlock } from '../ledger/latency/publisher-blocks.ts';
import { Publisher } from '../load/coordinator/publisher.ts';
import type { FromProducer, ProducerSeat } from '../load/coordinator/rota/producer-messages.ts';
import { Rota } from '../load/coordinator/rota/rota.ts';
import { ScheduleAhead } from '../load/coordinator/rota/schedule-ahead.ts';
import { createSchedule } from '../load/plan/schedule.ts';
import { decodeProbe, PROBE_FIELD } from '../protocol/probe.ts';
import type { Producer } from '../target/producer/http-producer.ts';
import type { BroadcastOutcome, Target } from '../target/target.ts';
import { createSimulatedClock, type SimulatedClock } from '../testing/simulated/simulated-clock.ts';
import { skewClock } from '../testing/simulated/skewed-clock.ts';
import { createAgentProducer } from './agent/producer.ts';

const BEGIN_MILLIS = 3_000;
const OPTIONS = { broadcastUrl: 'http://hub.example/broadcast', headers: [], takesBatches: true };

interface Arrival {
  readonly sequence: number;
  readonly by: string;
  readonly atMicros: number;
  readonly dueMicros: number;
}

interface HubFacts {
  readonly answerMillis: readonly number[];
  /** Of the requests in turn, how many events are accepted before it refuses the next; undefined: all. */
  readonly refusals: readonly (number | undefined)[];
}

/** Takes requests of anybody, and remembers in which order. */
function createHub(clock: SimulatedClock, { answerMillis, refusals }: HubFacts) {
  const arrivals: Arrival[] = [];
  const refused = new Set<number>();
  let requests = 0;
  /** Who waits for an answer. */
  const waiting = new Set<string>();
  return {
    arrivals,
    refused,
    async broadcast(by: string, texts: readonly string[]): Promise<BroadcastOutcome> {
      expect([...waiting]).toEqual([]);
      waiting.add(by);
      const at = requests++;
      const limit = refusals[at % refusals.length] ?? texts.length;
      for (const [index, text] of texts.entries()) {
        const { payload } = JSON.parse(text) as { payload: Record<string, unknown> };
        const { sequence = -1, dueMicros = 0 } = decodeProbe(payload[PROBE_FIELD]) ?? {};
        if (index < limit) arrivals.push({ sequence, by, atMicros: clock.nowMicros(), dueMicros });
        else if (index === limit) refused.add(sequence);
      }
      const millis = answerMillis[at % answerMillis.length] ?? 0;
      await new Promise<void>((resolve) => clock.after(millis, resolve));
      waiting.delete(by);
      if (limit >= texts.length) return { ok: true, accepted: texts.length };
      return { ok: false, kind: 'refused', problem: 'no', status: 422, accepted: limit, refused: 1 };
    },
    /** It was killed, and is lost. */
    forget: (by: string) => waiting.delete(by),
  };
}

interface AgentFacts {
  readonly offMicros: number;
  readonly ppm: number;
  /** Of messages, there and back. */
  readonly wayMillis: readonly [number, number];
  /** From the start; undefined: it stays. */
  readonly killedAtMillis: number | undefined;
  readonly isClosedToIt: boolean;
}

/** An agent and what its coordinator has of it. Its end is noticed after five seconds. */
function startAgent(
  clock: SimulatedClock,
  hub: ReturnType<typeof createHub>,
  name: string,
  facts: AgentFacts,
) {
  const { offMicros, ppm, wayMillis, killedAtMillis, isClosedToIt } = facts;
  const own = skewClock(clock, { offMicros, ppm });
  let isDead = false;
  let isLost = false;
  let events: Parameters<ProducerSeat['listen']>[0] | undefined;
  const announced: PublisherBlock[] = [];
  const broadcast: Producer['broadcast'] = (texts) =>
    isDead ? new Promise(() => {}) : hub.broadcast(name, texts);
  const producer = createAgentProducer({
    clock: own,
    clockOffset: () => ({
      offsetMicros: clock.nowMicros() - own.nowMicros(),
      ...{ errorMicros: 100, atMicros: own.nowMicros(), isContradicted: false },
    }),
    start: async () =>
      isClosedToIt
        ? { ok: false, problem: 'nothing listens there' }
        : { ok: true, producer: { broadcast, warmUp: async () => {}, close: async () => {} } },
    send(message: FromProducer) {
      if (!isDead) clock.after(wayMillis[1], () => events?.onMessage(message));
    },
  });
  const beat = () => {
    if (!isDead) producer.heard(clock.nowMicros());
    clock.after(500, beat);
  };
  beat();
  if (killedAtMillis !== undefined)
    clock.after(killedAtMillis, () => {
      isDead = true;
      producer.close();
      clock.after(5_000, () => {
        isLost = true;
        hub.forget(name);
        events?.onEnd();
      });
    });
  let published = 0;
  const seat: ProducerSeat = {
    ...{ name, firstWorker: 0, workers: 1 },
    isGone: () => isLost,
    mayPublish: () => !isLost,
    post: (message) => {
      clock.after(wayMillis[0], () => {
        if (!isDead) producer.take(message);
      });
    },
    listen: (all) => {
      events = all;
    },
    declined: (because) => expect(because).toContain('nothing listens there'),
    published: (count) => {
      published += count;
    },
  };
  return { seat, announced, published: () => published, isLost: () => isLost };
}

interface Run {
  readonly hub: HubFacts;
  readonly agents: readonly AgentFacts[];
  readonly ratePerSecond: number;
  readonly measuredMillis: number;
}

async function publish({ hub: hubFacts, agents: facts, ratePerSecond, measuredMillis }: Run) {
  const clock = createSimulatedClock();
  const hub = createHub(clock, hubFacts);
  const agents = facts.map((one, at) => startAgent(clock, hub, `a${at}`, one));
  const target = {
    abilities: { batch: true },
    broadcast: (texts: readonly string[]) => hub.broadcast('coordinator', texts),
  } as unknown as Target;
  const publisher = new Publisher(target, 'r', clock);
  const unowed: [number, number, string][] = [];
  publisher.onRefused = (from, to, why) => unowed.push([from, to, why]);
  function* timeline() {
    for (;;) yield { atMillis: 0, envelope: { type: 'x', appId: 'a', payload: {} } };
  }
  const schedule = new ScheduleAhead(createSchedule(timeline(), clock.nowMicros(), ratePerSecond));
  const announced: PublisherBlock[] = [];
  const rota = new Rota({
    ...{ clock, schedule, runId: 'r', seats: agents.map(({ seat }) => seat), options: () => OPTIONS },
    requestEvents: () => publisher.requestEvents(),
    announce: (block) => announced.push(block),
  });
  publisher.rota = rota;
  const stop = new AbortController();
  const fromMicros = clock.nowMicros() + BEGIN_MILLIS * 1e3;
  publisher.measuredFromMicros = fromMicros;
  Object.assign(publisher.pace, { fromMicros, untilMicros: fromMicros + measuredMillis * 1e3 });
  let isOver = false;
  const running = publisher.run(schedule, stop.signal).then(() => {
    isOver = true;
  });
  rota.begin(fromMicros, fromMicros + measuredMillis * 1e3);
  await clock.advanceAsync(BEGIN_MILLIS + measuredMillis);
  stop.abort();
  await clock.advanceAsync(20_000);
  expect(isOver).toBe(true);
  await running;
  return { hub, agents, publisher, unowed, announced, fromMicros };
}

/** Of what was announced of a time, the latest counts. */
function announcedAt(announced: readonly PublisherBlock[], dueMicros: number): PublisherBlock | undefined {
  return announced.findLast((block) => block.fromMicros <= dueMicros && dueMicros < block.untilMicros);
}

const millis = (max: number) => fc.integer({ min: 0, max });
const hubFacts = fc.record({
  answerMillis: fc.array(fc.oneof(millis(3), millis(3), millis(400)), { minLength: 1, maxLength: 30 }),
  refusals: fc.array(fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, fc.constantFrom(0, 1)), {
    minLength: 1,
    maxLength: 20,
  }),
});
const PROMPT: AgentFacts = {
  ...{ offMicros: 250_000, ppm: 0, wayMillis: [1, 1], killedAtMillis: undefined, isClosedToIt: false },
};

const agentFacts = fc.record({
  offMicros: fc.integer({ min: -400_000, max: 400_000 }),
  ppm: fc.integer({ min: -100, max: 100 }),
  wayMillis: fc.tuple(
    fc.oneof(millis(3), millis(3), millis(600)),
    fc.oneof(millis(3), millis(3), millis(600)),
  ) as fc.Arbitrary<[number, number]>,
  killedAtMillis: fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    fc.integer({ min: BEGIN_MILLIS - 600, max: BEGIN_MILLIS + 4_000 }),
  ),
  isClosedToIt: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
});
const runs = fc.record({
  hub: hubFacts,
  agents: fc.array(agentFacts, { minLength: 1, maxLength: 3 }),
  ratePerSecond: fc.constantFrom(0.7, 5, 50, 200),
  measuredMillis: fc.constantFrom(900, 2_500, 4_500),
});

describe('publishing in turn', () => {
  it('keeps one order, sends each event once, and accounts for each', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (run) => {
        const { hub, agents, publisher, unowed, announced, fromMicros } = await publish(run);
        const sequences = hub.arrivals.map(({ sequence }) => sequence);
        // One order, and nothing twice.
        expect(sequences).toEqual([...new Set(sequences)].sort((one, other) => one - other));
        const fates = new Map<number, string>();
        for (const [from, to, why] of unowed)
          for (let number = from; number <= to; number++) {
            expect(fates.has(number)).toBe(false);
            fates.set(number, why);
          }
        const arrived = new Set(sequences);
        for (let number = 0; number < publisher.settledSequences; number++) {
          const fate = fates.get(number);
          if (fate === undefined) expect(arrived.has(number)).toBe(true);
          else if (fate === 'refused') expect(hub.refused.has(number)).toBe(true);
        }
        // Nothing arrived that has no number.
        expect(Math.max(-1, ...sequences)).toBeLessThan(publisher.settledSequences);
        const allowed = [...fates.values()].filter((why) => why === 'allowed').length;
        if (!agents.some(({ isLost }) => isLost())) expect(allowed).toBe(0);
        // The rest of a block, and what came due in the time after which a silent agent is lost.
        const lost = agents.filter(({ isLost }) => isLost()).length;
        expect(allowed).toBeLessThanOrEqual(lost * (run.ratePerSecond * 8 + 1));
        // Whose clock says when it is due is known of each event.
        for (const { by, dueMicros } of hub.arrivals) {
          if (dueMicros < fromMicros || dueMicros >= fromMicros + run.measuredMillis * 1e3) continue;
          expect([by, announcedAt(announced, dueMicros)?.offsetMicros === undefined]).toEqual([
            by,
            by === 'coordinator',
          ]);
        }
        const byAgents = hub.arrivals.filter(({ by }) => by !== 'coordinator').length;
        const counted = agents.reduce((sum, agent) => sum + agent.published(), 0);
        expect(counted).toBeLessThanOrEqual(byAgents);
        expect(byAgents).toBeLessThanOrEqual(counted + allowed);
      }),
      { numRuns: 15 },
    );
  });

  it('passes from agent to agent each second, in time, with blocks that cover the measured time', async () => {
    const { hub, publisher, announced, fromMicros } = await publish({
      hub: { answerMillis: [1], refusals: [undefined] },
      agents: [PROMPT, { ...PROMPT, offMicros: -90_000 }, { ...PROMPT, offMicros: 0 }],
      ...{ ratePerSecond: 50, measuredMillis: 6_000 },
    });
    const untilMicros = fromMicros + 6e6;
    const measured = hub.arrivals.filter(
      ({ dueMicros }) => dueMicros >= fromMicros && dueMicros < untilMicros,
    );
    expect(measured).toHaveLength(300);
    expect(
      hub.arrivals.filter(({ dueMicros }) => dueMicros < fromMicros).every(({ by }) => by === 'coordinator'),
    ).toBe(true);
    for (const { by, atMicros, dueMicros } of measured) {
      expect(by).toBe(`a${Math.floor((dueMicros - Math.floor(fromMicros)) / 1e6) % 3}`);
      expect(atMicros - dueMicros).toBeLessThanOrEqual(3_000);
    }
    expect(announced[0]?.fromMicros).toBe(announced[0]?.untilMicros);
    const begins = announced.slice(1).map((block) => block.fromMicros);
    expect(begins).toEqual([0, 1, 2, 3, 4, 5].map((second) => fromMicros + second * 1e6));
    expect(announced.slice(1).map((block) => block.untilMicros)).toEqual([...begins.slice(1), untilMicros]);
    expect(publisher.lateness.maxMicros).toBeLessThanOrEqual(3_000);
  });

  it('asks an agent just before its block, however far ahead the next event is', async () => {
    const { hub, announced, fromMicros } = await publish({
      hub: { answerMillis: [1], refusals: [undefined] },
      agents: [PROMPT, PROMPT],
      ...{ ratePerSecond: 0.04, measuredMillis: 60_000 },
    });
    const measured = hub.arrivals.filter(({ dueMicros }) => dueMicros >= fromMicros);
    expect(measured.map(({ by }) => by)).toEqual(['a0', 'a1']);
    // It knows its clock within 100 µs, and 500 ppm more for the time until the block is over.
    expect(Math.max(...announced.map(({ errorMicros }) => errorMicros))).toBeLessThan(900);
  });
});
