// When the generator is overloaded, and what is then not held against the hub.
import { describe, expect, it } from 'vitest';
import type { Finding, ProcessHealth } from '../result.ts';
import { excuseTiming, foldGenerator, judgeGenerator } from './generator.ts';

const HEALTHY: ProcessHealth = {
  cpuSeconds: 1,
  utilization: 0.5,
  eventLoopDelayMicros: { p99: 5_000, max: 20_000 },
  starvedShare: 0.05,
  rssBytes: 1,
};
const named = (...all: readonly ProcessHealth[]) =>
  all.map((health, index) => ({ name: `worker ${index + 1}`, health }));
const finding = (name: Finding['name']): Finding => ({ name, severity: 'error', message: name });

describe('judgeGenerator', () => {
  it('says nothing of processes that kept up', () => {
    expect(judgeGenerator(named(HEALTHY, HEALTHY), { coordinator: HEALTHY })).toEqual([]);
  });

  it.each([
    [{ utilization: 0.99 }, 'worker 2 was busy 99 % of the time (limit 97 %)'],
    [{ eventLoopDelayMicros: { p99: 300_000, max: 1 } }, 'worker 2 was late by 300 ms in 1 of 100 turns'],
    [{ starvedShare: 0.9 }, 'worker 2 did not get the CPU 90 % of the time (limit 40 %)'],
    [
      { longestStopMillis: 3_200 },
      'worker 2 was stopped, or got no CPU time, for 3.2 s at a stretch (limit 1 s)',
    ],
  ])('names the process and the budget it passed: %j', (ill, sentence) => {
    const reasons = judgeGenerator(named(HEALTHY, { ...HEALTHY, ...ill }), { coordinator: HEALTHY });
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toContain(sentence);
  });
});

describe('foldGenerator', () => {
  it('counts the forwarders of a disturbed network among the processes of the generator', () => {
    const busy = { ...HEALTHY, cpuSeconds: 3, utilization: 0.99 };
    const folded = foldGenerator(named(HEALTHY), { coordinator: HEALTHY, forwarders: [busy] }, []);
    expect(folded).toMatchObject({ cpuSeconds: 5, limited: true, forwarders: [busy] });
    expect(folded.reasons).toEqual(['the forwarder was busy 99 % of the time (limit 97 %)']);
    expect(foldGenerator(named(HEALTHY), { coordinator: HEALTHY }, [])).not.toHaveProperty('forwarders');
  });
});

describe('excuseTiming', () => {
  it('turns what slow clients cause themselves into warnings, and leaves what they cannot cause', () => {
    const found = excuseTiming([finding('fast-evicted'), finding('lost'), finding('corrupted')], new Set());
    expect(found.map(({ name, severity }) => [name, severity])).toEqual([
      ['fast-evicted', 'warning'],
      ['lost', 'warning'],
      ['corrupted', 'error'],
    ]);
    expect(found[0]?.message).toContain('not held against the hub');
  });

  it('leaves gaps of clients that have received the last event', () => {
    const lost = ['fast', 'other'].map((cohort) => ({ ...finding('lost'), cohort }));
    const found = excuseTiming(lost, new Set(['fast']));
    expect(found.map(({ cohort, severity }) => [cohort, severity])).toEqual([
      ['fast', 'error'],
      ['other', 'warning'],
    ]);
  });
});
