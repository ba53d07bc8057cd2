// What a run keeps of each second, on a simulated clock.
import { describe, expect, it } from 'vitest';
import { createLatencyHistogram } from '../../../ledger/latency/latency-histogram.ts';
import { buildEnvelope } from '../../../testing/builders/envelope-builder.ts';
import { createLatencyWatch } from '../../outputs/latency-watch.ts';
import type { CohortProgress } from '../../worker/worker-messages.ts';
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

function watchAt(time: { micros: number }, cohort: CohortProgress = COHORT) {
  return createRunWatch({
    clock: { nowMicros: () => time.micros } as never,
    startedAtMicros: 0,
    socketQueues: undefined,
    resources: async () => ({ rssBytes: 1_000, cpuSeconds: 2, descriptors: 3 }),
    publishedEvents: () => 7,
    clients: () => ({ latencies: createLatencyWatch(), progress: () => [cohort] }),
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

  it('counts clients that are about to come back as neither', () => {
    const watch = watchAt({ micros: 0 }, { ...COHORT, away: 1 });
    watch.look('steady');
    expect(watch.samples()[0]?.clients[0]).toMatchObject({ open: 5, evicted: 2, left: 0, away: 1 });
  });

  it('has the faults in view, and the attempts to come back, only of a run that has any', () => {
    const watch = watchAt({ micros: 0 });
    expect(watch.look('steady')).not.toHaveProperty('faults');
    const faulty = createRunWatch({
      clock: { nowMicros: () => 9e6 } as never,
      startedAtMicros: 0,
      socketQueues: undefined,
      resources: async () => undefined,
      publishedEvents: () => 0,
      clients: () => undefined,
      faults: () => [
        { number: 0, kind: 'kill', text: 'kill', hubs: [0], fromMicros: 8e6, untilMicros: undefined },
      ],
      returns: () => ({ attempts: 3, failedAttempts: 2 }),
      lateness: createLatencyHistogram(),
    });
    expect(faulty.look('steady')).toMatchObject({
      faults: { begun: 1, inView: [{ kind: 'kill', fault: 'kill', isOn: true }] },
      returns: { attempts: 3, failedAttempts: 2 },
    });
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
