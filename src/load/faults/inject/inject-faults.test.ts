// When faults begin and end, in simulated time: what each does is only noted.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../faults/language/fault.ts';
import { parseFault } from '../../../faults/language/fault-language.ts';
import type { Target } from '../../../target/target.ts';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { pause } from '../../../time/deadline.ts';
import { createFaultLog } from '../fault-window.ts';
import { type FaultActions, injectFaults } from './inject-faults.ts';

const RESTART_MILLIS = 500;

function inject(written: readonly string[], hubs = 1, durationMillis = 30_000) {
  const clock = createSimulatedClock({ startMicros: 0 });
  const stop = new AbortController();
  const done: string[] = [];
  const note = (what: string) => done.push(`${clock.nowMicros() / 1e3} ${what}`);
  const lasting = async (what: string, millis: number, signal?: AbortSignal) => {
    note(`${what} begins`);
    await pause(clock, millis, signal);
    note(`${what} ends`);
    return undefined;
  };
  const actions: FaultActions = {
    restart: (hub, how) => lasting(`${how} ${hub}`, RESTART_MILLIS),
    start: async (hub) => {
      await lasting(`start ${hub}`, RESTART_MILLIS);
      return { movedTo: 'ws://there' };
    },
    freeze: (hub, millis, signal) => lasting(`freeze ${hub}`, millis, signal),
    drop: async (on, share) => void note(`drop ${share} of ${on}`) as undefined,
    disturb: (on, { kind, forMillis }, signal) => lasting(`${kind} ${on}`, forMillis, signal),
    exec: (command, _millis, signal) => lasting(command, 2_000, signal),
  };
  const log = createFaultLog();
  const announced: string[] = [];
  const missed: string[] = [];
  const faults = written.map((text) => {
    const fault = parseFault(text);
    return fault.ok ? fault.value : (undefined as never as Fault);
  });
  const injection = injectFaults({
    faults,
    hubs: Array.from({ length: hubs }, () => ({}) as Target),
    fromMicros: 0,
    durationMillis,
    clock,
    log,
    actions,
    follow: async (on, url) => void note(`${on} at ${url}`),
    announce: async ({ number, untilMicros }) => {
      announced.push(`${number} ${untilMicros === undefined ? 'begins' : 'ends'}`);
    },
    onMissed: ({ written }) => missed.push(written),
    signal: stop.signal,
  });
  return { clock, stop, done, log, announced, missed, injection };
}

describe('the faults of a run', () => {
  it('begin at their times, announced before and after', async () => {
    const { clock, done, announced, log } = inject(['restart at=15s', 'drop at=10s share=30%']);
    await clock.advanceAsync(20_000);
    expect(done).toEqual(['10000 drop 0.3 of 0', '15000 restart 0 begins', '15500 restart 0 ends']);
    expect(announced).toEqual(['0 begins', '0 ends', '1 begins', '1 ends']);
    expect(log.windows()).toMatchObject([
      { number: 0, kind: 'drop', text: 'drop share=30%', fromMicros: 10e6, untilMicros: 10e6 },
      { number: 1, kind: 'restart', fromMicros: 15e6, untilMicros: 15.5e6 },
    ]);
  });

  it('repeat until the measured time is over, without those that came due while one went on', async () => {
    const { clock, done } = inject(['kill at=1s every=300ms'], 1, 2_000);
    await clock.advanceAsync(5_000);
    expect(done.filter((each) => each.endsWith('begins'))).toEqual([
      '1000 kill 0 begins',
      '1600 kill 0 begins',
    ]);
  });

  it('are reported where the measured time is over before their turn comes', async () => {
    const { clock, done, missed, injection } = inject(
      ['kill at=1800ms', 'freeze at=1900ms for=1s'],
      1,
      2_000,
    );
    await clock.advanceAsync(2_000);
    const ended = injection.end();
    await clock.advanceAsync(1_000);
    await ended;
    expect(done).toEqual(['1800 kill 0 begins', '2300 kill 0 ends']);
    expect(missed).toEqual(['freeze at=1900ms for=1s']);
  });

  it('follow one another where they are of the process of one hub', async () => {
    const { clock, done } = inject(['freeze at=1s for=2s', 'kill at=2s', 'kill at=2s target=2'], 2);
    await clock.advanceAsync(10_000);
    expect(done).toEqual([
      '1000 freeze 0 begins',
      '2000 kill 1 begins',
      '2500 kill 1 ends',
      '3000 freeze 0 ends',
      '3000 kill 0 begins',
      '3500 kill 0 ends',
    ]);
  });

  it('restart one hub after the other, each as a fault of its own', async () => {
    const { clock, log } = inject(['rolling-restart at=1s'], 3);
    await clock.advanceAsync(10_000);
    expect(log.windows().map(({ hubs, fromMicros }) => [hubs, fromMicros / 1e6])).toEqual([
      [[0], 1],
      [[1], 1.5],
      [[2], 2],
    ]);
  });

  it('start a hub, and only then move its clients to it', async () => {
    const { clock, done, log } = inject(['start target=2 at=1s'], 2);
    await clock.advanceAsync(10_000);
    expect(done).toEqual([
      '1000 start 1 begins',
      '1500 start 1 ends',
      '1500 1 at ws://there',
      '1500 drop 1 of 1',
    ]);
    expect(log.windows()).toMatchObject([
      { kind: 'start', hubs: [1], fromMicros: 1.5e6, untilMicros: 1.5e6, movedTo: 'ws://there' },
    ]);
  });

  it('are for the clients of a hub that is not started yet as well, as these are at the first one', async () => {
    const { clock, log } = inject(['kill at=1s', 'start target=2 at=1s', 'kill at=5s'], 2);
    await clock.advanceAsync(10_000);
    expect(log.windows().map(({ kind, hubs }) => [kind, hubs])).toEqual([
      ['kill', [0, 1]],
      ['start', [1]],
      ['kill', [0]],
    ]);
  });

  it('count for as long as a command is said to have an effect', async () => {
    const { clock, log } = inject(['exec=deploy at=1s for=5s', 'exec=quick at=1s']);
    await clock.advanceAsync(10_000);
    expect(log.windows().map(({ text, untilMicros }) => [text, untilMicros])).toEqual([
      ['exec=deploy for=5s', 6e6],
      ['exec=quick', 3e6],
    ]);
  });

  it('end with the measured time: what lasts at once, a restart when it is done, and nothing begins', async () => {
    const { clock, done, injection } = inject(
      ['freeze at=1s for=20s', 'restart at=1s target=2', 'kill at=2s'],
      2,
    );
    await clock.advanceAsync(1_100);
    const ended = injection.end();
    await clock.advanceAsync(400);
    await ended;
    await clock.advanceAsync(10_000);
    expect(done).toEqual([
      '1000 freeze 0 begins',
      '1000 restart 1 begins',
      '1100 freeze 0 ends',
      '1500 restart 1 ends',
    ]);
  });

  it('end when the run is stopped', async () => {
    const { clock, stop, done, injection } = inject(['freeze at=1s for=20s', 'exec=deploy at=1s']);
    await clock.advanceAsync(1_100);
    stop.abort();
    await injection.end();
    expect(done.slice(2).sort()).toEqual(['1100 deploy ends', '1100 freeze 0 ends']);
    expect(clock.pendingTimers).toBe(0);
  });
});
