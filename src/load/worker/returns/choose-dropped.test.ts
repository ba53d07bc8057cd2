// Which connections a fault resets, and which are probed after the end of their hub's process.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import type { FaultWindow } from '../../faults/fault-window.ts';
import type { CohortConnection } from '../account/cohort-connection.ts';
import { chooseDropped } from './choose-dropped.ts';
import { probeLost } from './probe-lost.ts';

/** Connections of one cohort at one hub, each made after so many seconds. */
function stateOf(hub: number, connectedAtSeconds: readonly number[]) {
  const probes = connectedAtSeconds.map(() => 0);
  const connections = connectedAtSeconds.map((seconds, number) => ({
    number,
    client: {
      facts: { connectedAtMicros: seconds * 1e6 },
      probeLiveness: () => {
        probes[number] = (probes[number] ?? 0) + 1;
      },
    },
  })) as unknown as CohortConnection[];
  const cohort = { name: 'fast', clients: connections.length, behaviour: { kind: 'fast' } } as const;
  return { hub, cohort, connections: () => connections, probes };
}

describe('connections that are reset', () => {
  const states = [stateOf(0, Array(100).fill(1)), stateOf(1, Array(100).fill(1))];
  const drop = (share: number, seed = 1, hubs = [0]) =>
    chooseDropped(states, { hubs, share, seed }).map(({ number }) => number);

  it('are the share of those at the hubs, and one at least', () => {
    expect(drop(0.3)).toHaveLength(30);
    expect(drop(0.3, 1, [0, 1])).toHaveLength(60);
    expect(drop(0.001)).toHaveLength(1);
    expect(chooseDropped([stateOf(0, [])], { hubs: [0], share: 1, seed: 1 })).toEqual([]);
  });

  it('are the same with the same seed', () => {
    expect(drop(0.3)).toEqual(drop(0.3));
    expect(drop(0.3)).not.toEqual(drop(0.3, 2));
  });
});

describe('connections that are probed', () => {
  const restart: FaultWindow = {
    ...{ number: 0, kind: 'restart', text: 'restart', hubs: [0] },
    ...{ fromMicros: 10e6, untilMicros: 12e6 },
  };
  function probesAfter(window: FaultWindow) {
    const [clock, states] = [createSimulatedClock(), [stateOf(0, [5, 11]), stateOf(1, [5])]];
    probeLost(states, window, clock);
    clock.advance(2_000);
    return states.map(({ probes }) => probes);
  }

  it('are those to a process that is gone, once another is there', () => {
    expect(probesAfter(restart)).toEqual([[3, 0], [0]]);
    expect(probesAfter({ ...restart, untilMicros: undefined })).toEqual([[0, 0], [0]]);
    expect(probesAfter({ ...restart, kind: 'freeze' })).toEqual([[0, 0], [0]]);
  });
});
