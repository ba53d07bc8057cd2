// Agents and their coordinator over a simulated bus: claims, clocks that are off, losses, and who is free again when.
import { describe, expect, it, vi } from 'vitest';
import type { WorkerEvents } from '../load/coordinator/workers/worker-link.ts';
import type { PlanSummary } from '../load/plan/plan-summary.ts';
import type { FromWorker, ToWorker } from '../load/worker/worker-messages.ts';
import { createSimulatedBus } from '../testing/agents/simulated-bus.ts';
import { createSimulatedClock } from '../testing/simulated/simulated-clock.ts';
import { createShiftedClock } from '../time/shifted-clock.ts';
import { startAgent } from './agent/agent.ts';
import { findAgents } from './coordinator/find-agents.ts';
import { openFleet } from './coordinator/open-fleet.ts';
import { encodePayload } from './messages/payload.ts';
import { claimSubject, POOL_SUBJECT } from './messages/subjects.ts';

const KIT = '1.2.3';
const PLAN = { scenarios: ['release-day'], cohorts: [], workers: 2 } as unknown as PlanSummary;
const never = new AbortController().signal;

/** `offMillis`: how far the agent's clock is ahead; `clockIds`: of the coordinator, and of agents. */
function setUp({
  isLost,
  offMillis = 0,
  clockIds = [undefined, undefined],
}: {
  isLost?: (subject: string) => boolean;
  offMillis?: number;
  clockIds?: readonly (string | undefined)[];
} = {}) {
  const clock = createSimulatedClock();
  const net = createSimulatedBus({ clock, ...(isLost && { isLost }) });
  const workers: { posted: ToWorker[]; isKilled: boolean; say: (message: FromWorker) => void }[] = [];
  const said: string[] = [];
  function start(name: string, kit = KIT) {
    const agentClock = createShiftedClock(clock);
    agentClock.shiftBy(offMillis * 1e3);
    return startAgent({
      bus: net.connect(),
      clock: agentClock,
      self: { id: `id-${name}`, name, pool: 'default', host: 'h', kit, cores: 2, clockId: clockIds[1] },
      say: (line) => said.push(`${name} ${line.replace(/^run \S+: /, '')}`),
      startWorker(_, { onMessage }) {
        const worker = { posted: [] as ToWorker[], isKilled: false, say: onMessage };
        workers.push(worker);
        return {
          post: (message) => void worker.posted.push(message),
          kill() {
            worker.isKilled = true;
          },
        };
      },
    });
  }
  /** Of a promise that waits for the clock. */
  async function settle<T>(promise: Promise<T>, millis: number): Promise<T> {
    await clock.advanceAsync(millis);
    return promise;
  }
  const parts = {
    ...{ bus: net.connect(), clock, kit: KIT, plan: PLAN },
    ...{ clockId: clockIds[0], interruption: never },
  };
  const find = (count: number) => settle(findAgents({ count, pool: 'default', kit: KIT }, parts), 16_000);
  async function claim(count = 1) {
    const found = await find(count);
    if (!found.ok) throw new Error(found.problem);
    const claimed = found.value.map((announcement) => ({ announcement, workers: 2 }));
    const fleet = await settle(openFleet(claimed, parts), 3_000);
    if (!fleet.ok) throw new Error(fleet.problem);
    return fleet.value;
  }
  return { clock, workers, said, start, find, claim, settle, parts, net };
}

const quiet: WorkerEvents = { onMessage: () => {}, onEnd: () => {}, onError: () => {} };

describe('agents', () => {
  it('pass messages to the worker that is meant, and its messages back, in order', async () => {
    const { clock, workers, start, claim } = setUp();
    start('a');
    start('b');
    const fleet = await claim(2);
    const got: string[] = [];
    workers[3]?.say({ kind: 'ready' });
    const links = [0, 1, 2, 3].map((index) =>
      fleet.startWorker(index, { ...quiet, onMessage: ({ kind }) => got.push(`${index} ${kind}`) }),
    );
    const refused: ToWorker = { kind: 'refused', from: 1, to: 2, why: 'refused' };
    for (const link of links) link.post(refused);
    links[1]?.post({ kind: 'end-stages' });
    workers[0]?.say({ kind: 'confirmed', id: 7 });
    await clock.advanceAsync(100);
    expect(got).toEqual(['3 ready', '0 confirmed']);
    const others = workers.map(({ posted }) => posted.filter(({ kind }) => kind !== 'clock'));
    expect(others).toEqual([[refused], [refused, { kind: 'end-stages' }], [refused], [refused]]);
  });

  it.each([250, -250])(
    'put the workers on the clock of the coordinator, %d ms away, with a bound',
    async (offMillis) => {
      const { workers, start, claim } = setUp({ offMillis });
      start('a');
      const fleet = await claim();
      const offset = workers[0]?.posted.find((message) => message.kind === 'clock');
      const [agent] = fleet.agents();
      // The bus takes a millisecond each way.
      expect(agent?.clockErrorMicros).toBeGreaterThan(0);
      expect(agent?.clockErrorMicros).toBeLessThan(2_000);
      expect(Math.abs((offset?.offsetMicros ?? 0) + offMillis * 1e3)).toBeLessThanOrEqual(
        agent?.clockErrorMicros ?? 0,
      );
      expect(agent?.clockContradictions).toBe(0);
    },
  );

  it.each([
    [['one', 'one'], true],
    [['one', 'other'], undefined],
    [[undefined, undefined], undefined],
  ])('read the same clock as the coordinator where both have its ID: %j', async (clockIds, isSame) => {
    const { workers, start, claim } = setUp({ clockIds });
    start('a');
    const fleet = await claim();
    expect(workers[0]?.posted.find((message) => message.kind === 'clock')?.isSame).toBe(isSame);
    expect(fleet.agents()[0]?.clockErrorMicros === 0).toBe(isSame === true);
  });

  it('are named when they are too few, busy, of another version or in another pool', async () => {
    const { start, find, claim } = setUp();
    start('a');
    start('old', '1.0.0');
    await claim();
    expect(await find(2)).toMatchObject({
      ok: false,
      problem: `wanted 2 free agents in pool "default", found 0 within 15 s (a is busy; old has version 1.0.0, and this program ${KIT}: install the same everywhere); start more with norn-loadtest agent --nats URL`,
    });
  });

  it('are not counted once they no longer show themselves', async () => {
    const { clock, start, parts } = setUp();
    const gone = start('a');
    const found = findAgents({ count: 2, pool: 'default', kit: KIT }, parts);
    await clock.advanceAsync(2_000);
    gone.close('ended');
    await clock.advanceAsync(4_000);
    start('b');
    await clock.advanceAsync(10_000);
    expect(await found).toMatchObject({ ok: false, problem: expect.stringContaining('found 1') });
  });

  it('take no notice of what is not a message of theirs', async () => {
    const subjects = new Set([POOL_SUBJECT, claimSubject('id-a')]);
    const { clock, workers, start, claim, net } = setUp({ isLost: (subject) => !subjects.add(subject) });
    const stranger = net.connect();
    const disturb = async () => {
      const bad = ['', 'null', '5', '[]', '{}', '{"channel":null}', '{"$norn":"map","entries":5}'];
      for (const subject of [...subjects])
        for (const text of bad) stranger.publish(subject, Buffer.from(text));
      await clock.advanceAsync(10);
    };
    start('a');
    for (const claim of [
      { run: '>', workers: 1 },
      { run: 'r', workers: 1e6 },
      { run: 'r', workers: 'x' },
    ])
      stranger.publish(claimSubject('id-a'), encodePayload({ kit: KIT, ...claim }));
    await disturb();
    expect(workers).toEqual([]);
    const fleet = await claim();
    const got: string[] = [];
    const link = fleet.startWorker(0, {
      ...quiet,
      onMessage: ({ kind }) => got.push(kind),
      onEnd: (why) => got.push(why),
    });
    await disturb();
    link.post({ kind: 'end-stages' });
    workers[0]?.say({ kind: 'ready' });
    await clock.advanceAsync(6_000);
    expect(got).toEqual(['ready']);
    expect(workers[0]?.posted).toContainEqual({ kind: 'end-stages' });
    expect(fleet.agents()[0]).toMatchObject({ clockContradictions: 0, resentMessages: 0 });
  });

  it('are sent what all of their workers start with once', async () => {
    const { clock, workers, start, claim, parts } = setUp();
    start('a');
    const fleet = await claim();
    const links = [0, 1].map((index) => fleet.startWorker(index, quiet));
    const publish = vi.spyOn(parts.bus, 'publish');
    const first = { kind: 'start', plan: PLAN, runId: 'r'.repeat(100_000) } as unknown as ToWorker;
    for (const link of links) {
      link.post(first);
      await clock.advanceAsync(100);
    }
    expect(publish.mock.calls.filter(([, payload]) => payload.byteLength > 50_000)).toHaveLength(1);
    expect(workers.map(({ posted }) => posted.filter(({ kind }) => kind === 'start'))).toEqual([
      [first],
      [first],
    ]);
  });

  it('are all sent the same bytes to start with, which are encoded once', async () => {
    const { clock, workers, start, claim } = setUp();
    start('a');
    start('b');
    const fleet = await claim(2);
    const links = [0, 1, 2, 3].map((index) => fleet.startWorker(index, quiet));
    let encodings = 0;
    const first = {
      ...{ kind: 'start', plan: PLAN },
      toJSON() {
        encodings++;
        return { kind: 'start', plan: PLAN, runId: 'r'.repeat(3_000_000) };
      },
    } as unknown as ToWorker;
    for (const link of links) link.post(first);
    await clock.advanceAsync(3_000);
    expect(encodings).toBe(1);
    const started = workers.map(({ posted }) => posted.filter(({ kind }) => kind === 'start'));
    expect(started.map((all) => all.length)).toEqual([1, 1, 1, 1]);
    expect(started[3]).toMatchObject([{ runId: 'r'.repeat(3_000_000) }]);
  });

  it('refuse a second run by name, and take it when they are free again', async () => {
    const { start, find, claim, settle, parts, clock } = setUp();
    start('a');
    const found = await find(1);
    if (!found.ok) throw new Error(found.problem);
    const fleet = await claim();
    const claimed = found.value.map((announcement) => ({ announcement, workers: 1 }));
    expect(await settle(openFleet(claimed, parts), 1_000)).toMatchObject({
      ok: false,
      problem: 'agent a refused the run: it is busy with another run',
    });
    fleet.close('the run is over');
    await clock.advanceAsync(1_100);
    expect(await settle(openFleet(claimed, parts), 3_000)).toMatchObject({ ok: true });
  });

  it('end their workers and are free again 10 s after the coordinator was heard last', async () => {
    let isCut = false;
    const { clock, workers, said, start, claim } = setUp({
      isLost: (subject) => isCut && subject !== POOL_SUBJECT,
    });
    start('a');
    await claim();
    isCut = true;
    await clock.advanceAsync(9_000);
    expect(workers.map(({ isKilled }) => isKilled)).toEqual([false, false]);
    await clock.advanceAsync(2_500);
    expect(workers.map(({ isKilled }) => isKilled)).toEqual([true, true]);
    expect(said.at(-1)).toBe('a over (no coordinator for 10 s); free again');
  });

  it('are lost 5 s after they were heard last, and the run gets the reason', async () => {
    let isCut = false;
    const { clock, start, claim } = setUp({ isLost: (subject) => isCut && subject.includes('id-b') });
    start('a');
    start('b');
    const fleet = await claim(2);
    const ends: string[] = [];
    for (const index of [0, 1, 2, 3])
      fleet.startWorker(index, { ...quiet, onEnd: (sentence) => ends.push(`${index} ${sentence}`) });
    isCut = true;
    await clock.advanceAsync(6_000);
    const lost = 'agent b is lost: nothing was heard of it for 5 s';
    expect(ends).toEqual([`2 ${lost}`, `3 ${lost}`]);
    expect(fleet.agents().map((agent) => agent.lost)).toEqual([undefined, lost]);
  });

  it('compare clocks once more before their workers hand in what they counted', async () => {
    let messages = 0;
    const isLost = (subject: string) => {
      if (subject.endsWith('.clock')) messages++;
      return false;
    };
    const { clock, workers, start, claim } = setUp({ isLost });
    start('a');
    const fleet = await claim();
    const links = [0, 1].map((index) => fleet.startWorker(index, quiet));
    const kinds = (at: number) => workers[at]?.posted.map(({ kind }) => kind) ?? [];
    messages = 0;
    for (const link of links) link.post({ kind: 'finish', ranges: {} });
    await clock.advanceAsync(60);
    for (const index of [0, 1]) expect(kinds(index)).not.toContain('finish');
    await clock.advanceAsync(200);
    for (const index of [0, 1]) {
      const finish = kinds(index).indexOf('finish');
      expect(kinds(index).slice(finish - 1, finish + 1)).toEqual(['clock', 'finish']);
    }
    // A question and an answer each.
    expect(messages).toBeGreaterThanOrEqual(2 * 64);
  });

  it('run no other plan than the one that they were claimed for', async () => {
    const { clock, workers, said, start, claim } = setUp();
    start('a');
    const fleet = await claim();
    const ends: string[] = [];
    const link = fleet.startWorker(0, { ...quiet, onEnd: (sentence) => ends.push(sentence) });
    link.post({ kind: 'start', plan: { ...PLAN, workers: 3 } } as unknown as ToWorker);
    await clock.advanceAsync(100);
    const refusal = /it was claimed for the plan [0-9a-f]{12} and got the plan [0-9a-f]{12}/;
    expect(ends).toEqual([expect.stringMatching(refusal)]);
    expect(said.at(-1)).toMatch(refusal);
    expect(workers.flatMap(({ posted }) => posted.filter(({ kind }) => kind === 'start'))).toEqual([]);
  });

  it('are lost at once when they leave the run, with their reason', async () => {
    const { clock, start, claim } = setUp();
    const leaving = start('a');
    const fleet = await claim();
    const ends: unknown[] = [];
    fleet.startWorker(0, { ...quiet, onEnd: (...end) => ends.push(end) });
    leaving.close('ended by SIGINT');
    await clock.advanceAsync(10);
    expect(ends).toEqual([['agent a is lost: it left the run (ended by SIGINT)', true]]);
  });

  it('send again what an interruption of 2 s lost, and count it', async () => {
    let isCut = false;
    const { clock, workers, start, claim } = setUp({ isLost: () => isCut });
    start('a');
    const fleet = await claim();
    const got: number[] = [];
    const link = fleet.startWorker(0, {
      ...quiet,
      onMessage: (message) => message.kind === 'confirmed' && got.push(message.id),
    });
    isCut = true;
    for (const id of [1, 2, 3]) {
      workers[0]?.say({ kind: 'confirmed', id });
      link.post({ kind: 'drain', cohorts: [`${id}`] });
      await clock.advanceAsync(600);
    }
    isCut = false;
    await clock.advanceAsync(4_000);
    expect(got).toEqual([1, 2, 3]);
    const drains = workers[0]?.posted.filter(({ kind }) => kind === 'drain');
    expect(drains).toEqual([1, 2, 3].map((id) => ({ kind: 'drain', cohorts: [`${id}`] })));
    expect(fleet.agents()[0]).toMatchObject({ resentMessages: 3 });
  });
});
