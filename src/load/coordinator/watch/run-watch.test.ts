// What a run keeps of each second, on a simulated clock.
import { describe, expect, it } from 'vitest';
import { createLatencyHistogram } from '../../../ledger/latency/latency-histogram.ts';
import { buildEnvelope } from '../../../testing/builders/envelope-builder.ts';
import { createLatencyWatch } from '../../outputs/latency-watch.ts';
import { createRunWatch } from './run-watch.ts';

const COHORT = {
  name: 'fast',
  attempted: 9,
  connected: 8,
  open: 5,
  joined: 5,
  lowestNextSequence: 0,
  deliveries: 10,
  evicted: 2,
};

function watchAt(time: { micros: number }) {
  return createRunWatch({
    clock: { nowMicros: () => time.micros } as never,
    startedAtMicros: 0,
    socketQueues: undefined,
    resources: async () => ({ rssBytes: 1_000, cpuSeconds: 2, descriptors: 3 }),
    publishedEvents: () => 7,
    clients: () => ({ latencies: createLatencyWatch(), progress: () => [COHORT] }),
    lateness: createLatencyHistogram(),
  });
}

describe('the watch over a run', () => {
  it('keeps one sample a second, however often it looks', () => {
    const time = { micros: 0 };
    const watch = watchAt(time);
    for (; time.micros <= 3e6; time.micros += 50_000) watch.look('steady');
    expect(watch.samples().map(({ atMillis }) => atMillis)).toEqual([0, 1_000, 2_000, 3_000]);
  });

  it('counts clients that left apart from those the hub ended', () => {
    const watch = watchAt({ micros: 0 });
    watch.look('steady');
    expect(watch.samples()[0]?.clients[0]).toMatchObject({ open: 5, evicted: 2, left: 1 });
  });

  it('counts events by type until the next sample', () => {
    const time = { micros: 0 };
    const watch = watchAt(time);
    const due = [{ dueMicros: 0, envelope: buildEnvelope('app.restarted') }];
    const schedule = watch.tally([...due, ...due].values());
    expect([...schedule]).toHaveLength(2);
    watch.look('steady');
    time.micros = 1e6;
    watch.look('steady');
    expect(watch.samples().map(({ events }) => events)).toEqual([{ 'app.restarted': 2 }, {}]);
  });

  it('has the memory and CPU time of the hub from the second sample on', async () => {
    const time = { micros: 0 };
    const watch = watchAt(time);
    watch.look('steady');
    await Promise.resolve();
    await Promise.resolve();
    time.micros = 1e6;
    watch.look('steady');
    expect(watch.samples().map(({ hub }) => hub)).toEqual([null, { rssBytes: 1_000, cpuSeconds: 2 }]);
  });
});
