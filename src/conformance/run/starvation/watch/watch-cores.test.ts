// The watch of hub and runner on a simulated clock and a simulated machine.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../../../testing/simulated/simulated-clock.ts';
import { type SystemFacts, watchCores } from './watch-cores.ts';

const [RUNNER, ROOT, HUB] = [1, 7, 8];
/** What is only awaited has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** One core, a thread of the hub, one of the runner, and other programs that use what is left. */
function startMachine(
  known: () => readonly number[] | undefined = () => [ROOT],
  find: () => Promise<readonly number[]> = async () => [],
) {
  const clock = createSimulatedClock({ startMicros: 0 });
  const thread = () => ({ waitedMillis: 0, ranMillis: 0, isReady: false, isThere: true });
  const [hub, runner] = [thread(), thread()];
  const reads: number[][] = [];
  const readThread = (tid: number, { ranMillis, waitedMillis, isThere }: typeof hub) =>
    isThere
      ? {
          threads: new Map([[tid, { waitedMillis, mark: `${ranMillis} ${waitedMillis}` }]]),
          threadCount: 1,
          cpuSeconds: ranMillis / 1e3,
        }
      : undefined;
  const system: SystemFacts = {
    ownPid: RUNNER,
    withDescendants: (roots) => [...roots, ...(roots.length > 0 ? [HUB] : [])],
    createTreeReader: () => (tree) => {
      reads.push([...tree]);
      return tree.includes(HUB) ? readThread(HUB, hub) : undefined;
    },
    readMainThread: (pid) => readThread(pid, runner),
    cpuSecondsOf: (tree) => (tree.includes(HUB) && hub.isThere ? hub.ranMillis / 1e3 : 0),
    isReady: (tid) => (tid === HUB ? hub : runner).isReady,
    readCores: () =>
      new Map([[0, { busySeconds: clock.nowMicros() / 1e6, idleSeconds: 0, stolenSeconds: 0 }]]),
    coresOf: () => [0],
  };
  const watch = watchCores(clock, { known, find }, system);
  const waited = (sinceMicros = 0) => {
    const spans = watch.waitsSince(sinceMicros);
    const sum = (of: (span: (typeof spans)[number]) => number) =>
      spans.reduce((all, span) => all + of(span), 0);
    return [sum(({ hubMillis }) => hubMillis), sum(({ runnerMillis }) => runnerMillis)];
  };
  return { clock, hub, runner, watch, waited, reads };
}

describe('watchCores', () => {
  it('adds up what hub and runner wait while others have the core', () => {
    const { clock, hub, runner, waited, watch } = startMachine();
    clock.advance(1_000);
    for (let turn = 0; turn < 4; turn++) {
      [hub.waitedMillis, hub.ranMillis] = [hub.waitedMillis + 150, hub.ranMillis + 10];
      [runner.waitedMillis, runner.ranMillis] = [runner.waitedMillis + 50, runner.ranMillis + 10];
      clock.advance(250);
    }
    expect(waited()).toEqual([600, 200]);
    expect(waited(1_500_000)).toEqual([300, 100]);
    watch.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('counts a wait that is not over yet', () => {
    const { clock, hub, waited } = startMachine();
    hub.ranMillis = 1;
    clock.advance(500);
    hub.isReady = true;
    clock.advance(2_010);
    expect(waited()).toEqual([2_000, 0]);
    Object.assign(hub, { isReady: false, waitedMillis: 2_100 });
    clock.advance(250);
    expect(waited()).toEqual([2_100, 0]);
  });

  it('does not count who sleeps', () => {
    const { clock, waited } = startMachine();
    clock.advance(5_000);
    expect(waited()).toEqual([0, 0]);
  });

  it('reads the processes that the hub has started, and goes on with the next hub when it has ended', () => {
    const { clock, hub, waited, reads } = startMachine();
    clock.advance(1_000);
    expect(reads.at(-1)).toEqual([ROOT, HUB]);
    hub.isThere = false;
    clock.advance(1_000);
    Object.assign(hub, { isThere: true, waitedMillis: 0 });
    clock.advance(250);
    hub.waitedMillis = 100;
    clock.advance(250);
    expect(waited()).toEqual([100, 0]);
  });

  it('watches the runner alone where the processes of the hub are not known', () => {
    const { clock, runner, waited } = startMachine(() => undefined);
    clock.advance(1_000);
    runner.waitedMillis = 100;
    clock.advance(250);
    expect(waited()).toEqual([0, 100]);
  });

  it('does not take the CPU time of a hub that is only found for that of other programs, and does not count its waits', async () => {
    const { clock, hub, runner, waited } = startMachine(
      () => undefined,
      async () => [ROOT],
    );
    clock.advance(250);
    await settled();
    hub.ranMillis = 1;
    clock.advance(500);
    const before = clock.nowMicros();
    for (let turn = 0; turn < 4; turn++) {
      [hub.waitedMillis, hub.ranMillis] = [hub.waitedMillis + 50, hub.ranMillis + 200];
      [runner.waitedMillis, runner.ranMillis] = [runner.waitedMillis + 150, runner.ranMillis + 10];
      clock.advance(250);
    }
    // Of each 250 ms the two have used 210: others can have held up nobody for longer than the rest.
    expect(waited(before)).toEqual([0, expect.closeTo(160, 6)]);
  });

  it('sets no timer where the system shows nothing', () => {
    const { clock, runner, watch } = startMachine();
    runner.isThere = false;
    clock.advance(1_000);
    expect(watch.waitsSince(0)).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});
