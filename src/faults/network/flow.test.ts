// One direction of a forwarded connection in simulated time: order, delay, rate, partition, and what is held.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { foldConditions, type NetworkConditions, USUAL_CONDITIONS } from './conditions.ts';
import { Flow } from './flow.ts';

function setUp(first: Partial<NetworkConditions> = {}) {
  const clock = createSimulatedClock({ startMicros: 0 });
  let conditions = { ...USUAL_CONDITIONS, ...first };
  const seen: string[] = [];
  const state = { isReading: true, takesMore: true, passedBytes: 0 };
  const source = {
    pause() {
      state.isReading = false;
    },
    resume() {
      state.isReading = true;
    },
  };
  const note = (what: string) => void seen.push(`${clock.nowMicros() / 1e3} ${what}`);
  const sink = {
    write(bytes: Buffer) {
      state.passedBytes += bytes.length;
      note(bytes.length > 20 ? `${bytes.length} bytes` : bytes.toString());
      return state.takesMore;
    },
    end: () => note('end'),
    reset: () => note('reset'),
  };
  const flow = new Flow(source, sink, clock, () => conditions);
  flow.drained();
  return {
    clock,
    flow,
    seen,
    state,
    take: (text: string) => flow.take(Buffer.from(text)),
    change(changes: Partial<NetworkConditions>) {
      conditions = { ...conditions, ...changes };
      flow.pump();
    },
  };
}

describe('a flow', () => {
  it('passes everything on at once on a usual network', () => {
    const { flow, take, seen } = setUp();
    take('a');
    take('b');
    flow.take('end');
    expect(seen).toEqual(['0 a', '0 b', '0 end']);
  });

  it('adds the same time to each byte, and keeps their order when it changes', () => {
    const { clock, flow, take, change, seen } = setUp({ latencyMillis: 50 });
    take('a');
    clock.advance(10);
    take('b');
    change({ latencyMillis: 0 });
    take('c');
    flow.take('reset');
    clock.advance(100);
    expect(seen).toEqual(['50 a', '60 b', '60 c', '60 reset']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets nothing through while it is partitioned, an end or a reset neither', () => {
    const { clock, flow, take, change, seen } = setUp({ isPartitioned: true });
    take('a');
    flow.take('end');
    clock.advance(5_000);
    expect(seen).toEqual([]);
    change({ isPartitioned: false });
    expect(seen).toEqual(['5000 a', '5000 end']);
  });

  it('is no faster than its rate', () => {
    const { clock, flow, state, seen } = setUp({ bytesPerSecond: 1_000 });
    flow.take(Buffer.alloc(2_000));
    flow.take('end');
    clock.advance(1_000);
    expect(state.passedBytes).toBeGreaterThanOrEqual(950);
    expect(state.passedBytes).toBeLessThanOrEqual(1_100);
    clock.advance(2_000);
    expect(state.passedBytes).toBe(2_000);
    expect(seen.at(-1)).toMatch(/^(19|20)\d\d end$/);
    // The time in which nothing came is not saved up.
    flow.take(Buffer.alloc(2_000));
    expect(state.passedBytes).toBe(2_050);
  });

  it('reads no more once it holds its limit, and reads again', () => {
    const { flow, state } = setUp();
    state.takesMore = false;
    flow.take(Buffer.alloc(10));
    flow.take(Buffer.alloc(64 * 1024 - 1));
    expect(state).toMatchObject({ isReading: true, passedBytes: 10 });
    flow.take(Buffer.alloc(1));
    expect(state.isReading).toBe(false);
    state.takesMore = true;
    flow.drained();
    expect(state).toMatchObject({ isReading: true, passedBytes: 10 + 64 * 1024 });
  });

  it('holds what is on its way for the added time as well, up to a limit', () => {
    const { flow, state } = setUp({ latencyMillis: 100 });
    flow.take(Buffer.alloc(1024 * 1024));
    expect(state.isReading).toBe(true);
    flow.take(Buffer.alloc(100 * 1024));
    expect(state.isReading).toBe(false);
    const long = setUp({ latencyMillis: 60_000 });
    long.flow.take(Buffer.alloc(4 * 1024 * 1024));
    expect(long.state.isReading).toBe(false);
  });

  it('resets at once where the other end takes nothing more', () => {
    const { flow, state, seen } = setUp();
    state.takesMore = false;
    flow.take(Buffer.alloc(100));
    flow.take('reset');
    expect(seen).toEqual(['0 100 bytes', '0 reset']);
  });
});

describe('conditions of several faults', () => {
  const timing = { written: '', text: '', atMillis: 0, forMillis: 1 };

  it('add up', () => {
    expect(
      foldConditions([
        { ...timing, kind: 'latency', addMillis: 20 },
        { ...timing, kind: 'latency', addMillis: 30 },
        { ...timing, kind: 'bandwidth', bytesPerSecond: 500 },
        { ...timing, kind: 'bandwidth', bytesPerSecond: 200 },
      ]),
    ).toEqual({ isPartitioned: false, latencyMillis: 50, bytesPerSecond: 200 });
    expect(foldConditions([{ ...timing, kind: 'partition' }])).toEqual({
      ...USUAL_CONDITIONS,
      isPartitioned: true,
    });
  });
});
