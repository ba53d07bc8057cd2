// Agents that publish in turn, whole, over a simulated bus: their clocks are off, messages take time and get lost, and one leaves.
import { describe, expect, it } from 'vitest';
import type { PublisherBlock } from '../ledger/latency/publisher-blocks.ts';
import { Publisher } from '../load/coordinator/publisher.ts';
import { Rota } from '../load/coordinator/rota/rota.ts';
import { ScheduleAhead } from '../load/coordinator/rota/schedule-ahead.ts';
import type { PlanSummary } from '../load/plan/plan-summary.ts';
import { createSchedule } from '../load/plan/schedule.ts';
import { decodeProbe, PROBE_FIELD } from '../protocol/probe.ts';
import type { BroadcastOutcome, Target } from '../target/target.ts';
import { createSimulatedBus } from '../testing/agents/simulated-bus.ts';
import { createSimulatedClock } from '../testing/simulated/simulated-clock.ts';
import { skewClock } from '../testing/simulated/skewed-clock.ts';
import { startAgent } from './agent/agent.ts';
import { findAgents } from './coordinator/find-agents.ts';
import { openFleet } from './coordinator/open-fleet.ts';

const [KIT, POOL] = ['1.2.3', 'default'];
const PLAN = { scenarios: [], cohorts: [], workers: 2 } as unknown as PlanSummary;
const OFFS_MICROS = [250_000, -90_000];
const MEASURED_MILLIS = 8_000;

async function publish({
  isLost = () => false,
  leavesAtMillis = Number.POSITIVE_INFINITY,
}: {
  isLost?: () => boolean;
  leavesAtMillis?: number;
} = {}) {
  const clock = createSimulatedClock();
  let isLossy = false;
  const net = createSimulatedBus({ clock, isLost: () => isLossy && isLost() });
  const arrivals: { readonly by: string; readonly sequence: number; readonly lateMicros: number }[] = [];
  const broadcast = async (by: string, texts: readonly string[]): Promise<BroadcastOutcome> => {
    for (const text of texts) {
      const { payload } = JSON.parse(text) as { payload: Record<string, unknown> };
      const { sequence = -1, dueMicros = 0 } = decodeProbe(payload[PROBE_FIELD]) ?? {};
      arrivals.push({ by, sequence, lateMicros: clock.nowMicros() - dueMicros });
    }
    await new Promise<void>((resolve) => clock.after(1, resolve));
    return { ok: true, accepted: texts.length };
  };
  const agents = OFFS_MICROS.map((offMicros, at) =>
    startAgent({
      ...{ bus: net.connect(), clock: skewClock(clock, { offMicros, ppm: 0 }), say: () => {} },
      self: { ...{ id: `a${at}`, name: `a${at}`, pool: POOL, host: 'h', kit: KIT, cores: 2 } },
      startWorker: () => ({ post: () => {}, kill: () => {} }),
      startProducer: async () => ({
        ok: true,
        producer: {
          broadcast: (texts) => broadcast(`a${at}`, texts),
          ...{ warmUp: async () => {}, close: async () => {} },
        },
      }),
    }),
  );
  const parts = {
    bus: net.connect(),
    clock,
    kit: KIT,
    plan: PLAN,
    interruption: new AbortController().signal,
  };
  const found = findAgents({ count: 2, pool: POOL, kit: KIT }, parts);
  await clock.advanceAsync(2_000);
  const claimed = await found;
  if (!claimed.ok) throw new Error(claimed.problem);
  const opened = openFleet(
    claimed.value.map((announcement) => ({ announcement, workers: 1 })),
    { ...parts, publishFrom: 'agents' },
  );
  await clock.advanceAsync(2_000);
  const fleet = await opened;
  if (!fleet.ok) throw new Error(fleet.problem);
  const target = {
    abilities: { batch: true },
    broadcast: (texts: readonly string[]) => broadcast('coordinator', texts),
  } as unknown as Target;
  const publisher = new Publisher(target, 'r', clock);
  function* timeline() {
    for (;;) yield { atMillis: 0, envelope: { type: 'x', appId: 'a', payload: {} } };
  }
  const schedule = new ScheduleAhead(createSchedule(timeline(), clock.nowMicros(), 50));
  const announced: { readonly block: PublisherBlock; readonly beside: string | undefined }[] = [];
  publisher.rota = new Rota({
    ...{ clock, schedule, runId: 'r', seats: fleet.value.seats ?? [] },
    options: () => ({ broadcastUrl: 'http://hub.example/broadcast', headers: [], takesBatches: true }),
    requestEvents: () => publisher.requestEvents(),
    announce: (block, beside) => announced.push({ block, beside: beside && `a${beside.firstWorker}` }),
  });
  const stop = new AbortController();
  const running = publisher.run(schedule, stop.signal);
  const fromMicros = clock.nowMicros() + 3e6;
  publisher.measuredFromMicros = fromMicros;
  publisher.rota.begin(fromMicros, fromMicros + MEASURED_MILLIS * 1e3);
  await clock.advanceAsync(3_000);
  isLossy = true;
  const aloneMillis = Math.min(leavesAtMillis, MEASURED_MILLIS);
  await clock.advanceAsync(aloneMillis);
  if (leavesAtMillis < MEASURED_MILLIS) agents[0]?.close('ended by SIGINT');
  await clock.advanceAsync(MEASURED_MILLIS - aloneMillis);
  stop.abort();
  await clock.advanceAsync(20_000);
  await running;
  const described = fleet.value.agents();
  fleet.value.close('over');
  return { arrivals, publisher, announced, described };
}

const inOrder = (arrivals: readonly { readonly sequence: number }[]) =>
  arrivals.every(({ sequence }, at) => at === 0 || sequence > (arrivals[at - 1]?.sequence ?? 0));

describe('agents that publish in turn', () => {
  it('send each event when it is due, by clocks that are off, and say how far', async () => {
    const { arrivals, announced, described, publisher } = await publish();
    expect(inOrder(arrivals)).toBe(true);
    const byAgents = arrivals.filter(({ by }) => by !== 'coordinator');
    expect(byAgents.length).toBeGreaterThanOrEqual(400);
    for (const { lateMicros } of byAgents) {
      // Within what is known of the clocks, and a timer.
      expect(lateMicros).toBeGreaterThanOrEqual(-2_000);
      expect(lateMicros).toBeLessThanOrEqual(5_000);
    }
    const turns = announced.filter(({ beside }) => beside !== undefined);
    expect(turns.map(({ beside }) => beside)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((second) => `a${second % 2}`),
    );
    for (const { block, beside } of turns) {
      const offMicros = OFFS_MICROS[beside === 'a0' ? 0 : 1] ?? 0;
      expect(Math.abs((block.offsetMicros ?? 0) + offMicros)).toBeLessThanOrEqual(block.errorMicros);
    }
    const published = described.map(({ publishedEvents = 0 }) => publishedEvents);
    expect(published).toEqual([200, 200]);
    expect(publisher.acceptedEvents).toBe(arrivals.length);
  });

  it('send nothing twice where messages get lost', async () => {
    let message = 0;
    const { arrivals, publisher, described } = await publish({ isLost: () => message++ % 17 === 0 });
    expect(inOrder(arrivals)).toBe(true);
    expect(publisher.acceptedEvents).toBe(arrivals.length);
    expect(described.every(({ lost }) => lost === undefined)).toBe(true);
  });

  it('leave the rest to the others, after what they may have sent', async () => {
    const { arrivals, publisher, described } = await publish({ leavesAtMillis: 300 });
    expect(described[0]?.lost).toContain('it left the run (ended by SIGINT)');
    expect(inOrder(arrivals)).toBe(true);
    expect(arrivals.filter(({ by }) => by === 'a1').length).toBeGreaterThan(0);
    expect(publisher.settledSequences).toBeGreaterThan(publisher.acceptedEvents);
    expect(publisher.acceptedEvents).toBeLessThanOrEqual(arrivals.length);
  });
});
