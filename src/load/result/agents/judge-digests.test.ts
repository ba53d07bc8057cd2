// What the clients of several machines received, compared: a difference between machines is a finding, everything that may differ is not.
import { describe, expect, it } from 'vitest';
import { EventDigests } from '../../../ledger/events/event-digests.ts';
import type { FleetAgent } from '../../coordinator/workers/fleet.ts';
import type { WorkerResult } from '../../worker/worker-messages.ts';
import { judgeDigests } from './judge-digests.ts';

const AGENTS = ['a', 'b', 'c'].map((name, at) => ({ name, firstWorker: 2 * at, workers: 2 }) as FleetAgent);

interface Received {
  readonly from?: number;
  readonly until?: number;
  readonly clients?: number;
  readonly readAs?: (sequence: number) => object;
  /** A second client that received this. */
  readonly other?: (sequence: number) => object;
}

const same = (sequence: number): object => ({ type: 't', payload: { sequence } });
const fromNode = (node: string) => (sequence: number) => ({ ...same(sequence), node });

function worker(
  index: number,
  { from = 0, until = 1_000, clients = 5, readAs = same, other }: Received = {},
): WorkerResult {
  const digests = new EventDigests();
  for (let sequence = from; sequence < until; sequence++) {
    digests.note(sequence, readAs(sequence));
    if (other) digests.note(sequence, other(sequence));
  }
  const cohorts = [{ hub: 0, connected: clients }];
  return { worker: index, cohorts, digests: [digests.encode()] } as unknown as WorkerResult;
}

/** The workers of a, b and c, two each. */
function judge(...received: Received[]) {
  return judgeDigests({ agents: AGENTS, results: received.map((each, index) => worker(index, each)) });
}

describe('what the clients of several machines received', () => {
  it('is no finding where it is the same, whoever joined later, was evicted earlier or missed some of it', () => {
    expect(judge({}, {}, { from: 17 }, { until: 801 }, { from: 500, until: 600 }, {})).toEqual([]);
  });

  it('is a finding with the first place where machines differ', () => {
    const changed = (sequence: number) =>
      sequence === 300 ? { ...same(300), note: 'other' } : same(sequence);
    const [finding, ...others] = judge({}, {}, { readAs: changed }, { readAs: changed }, {}, { from: 100 });
    expect(others).toEqual([]);
    expect(finding).toEqual({
      name: 'unequal',
      severity: 'warning',
      message:
        'clients of a, c and clients of b received different values for the same events, first among events 257 to 320: what the hub writes depends on where a client connects from',
    });
  });

  it.each<[string, Received[]]>([
    ['clients of one process differ', [{ other: fromNode('y') }, {}, { readAs: fromNode('b') }]],
    ['processes of one machine differ', [{}, { readAs: fromNode('x') }, { readAs: fromNode('x') }]],
    ['too few clients would show that', [{}, {}, { readAs: fromNode('b'), clients: 4 }]],
  ])('is no finding where %s: the hub may write each connection its own', (_, received) => {
    expect(judge(...received)).toEqual([]);
  });

  it('is not compared on one machine', () => {
    expect(judgeDigests({ results: [worker(0), worker(1, { readAs: fromNode('b') })] })).toEqual([]);
  });
});
