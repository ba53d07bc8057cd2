// Who was the limit of a run that did not reach its load, and what is then not held against the hub.
import { describe, expect, it } from 'vitest';
import type { PaceCounts } from '../../coordinator/publishing/pace-counts.ts';
import { foldVerdict, type VerdictInput } from '../fold-verdict.ts';
import type { Finding } from '../result.ts';
import { nameCauses } from './consequences.ts';
import { excuseBursts, judgePace } from './pace.ts';

const REACHED: PaceCounts = {
  askedEvents: 1_000,
  sentEvents: 1_000,
  refusedEvents: 0,
  excusedEvents: 0,
  lateMicros: 5_000,
  requests: 1_000,
  waitedMicros: 1e6,
  longestMicros: 5_000,
  idleMicros: 6e6,
  measuredMicros: 10e6,
};
const judge = (counts: Partial<PaceCounts>, p99 = 5_000, utilization = 0.3) =>
  judgePace({ ...REACHED, lateMicros: p99, ...counts }, { p99 }, { utilization });

describe('judgePace', () => {
  it('says nothing of a run that reached its load', () => {
    expect(judge({})).toMatchObject({ limitedBy: null, reason: null, askedPerSecond: 100 });
    expect(judge({ sentEvents: 971 }).limitedBy).toBeNull();
    expect(judge({ askedEvents: 20, sentEvents: 18 }).limitedBy).toBeNull();
  });

  it('says nothing of events that a fault of the hub kept back', () => {
    expect(judge({ sentEvents: 900, excusedEvents: 100 }).limitedBy).toBeNull();
    expect(judge({ sentEvents: 900, excusedEvents: 60 }).limitedBy).not.toBeNull();
    expect(judge({ lateMicros: 5_000 }, 3_000_000).limitedBy).toBeNull();
  });

  it('names the generator that sent too little or too late without waiting for the hub', () => {
    expect(judge({ sentEvents: 960 })).toMatchObject({
      limitedBy: 'generator',
      reason:
        'the publisher did not reach the load: 96 of 100 events/s were sent, the p99 of lateness is 5 ms',
    });
    expect(judge({}, 4_200_000).limitedBy).toBe('generator');
  });

  it('states no lateness where the events of the warm-up took all of the measured time', () => {
    expect(judge({ askedEvents: 10_000_000, sentEvents: 0, waitedMicros: 0, idleMicros: 0 })).toMatchObject({
      limitedBy: 'generator',
      reason:
        'the publisher did not reach the load: none of 1,000,000 events/s was sent in the measured time, as earlier events came first',
    });
  });

  it('names a busy generator also where it waited', () => {
    expect(judge({ sentEvents: 500, waitedMicros: 9e6 }, 2e6, 0.95).limitedBy).toBe('generator');
  });

  it('names the route that kept the publisher waiting, with its times and rate', () => {
    const { limitedBy, reason } = judge(
      { sentEvents: 50, requests: 50, waitedMicros: 10e6, idleMicros: 0 },
      4e6,
    );
    expect(limitedBy).toBe('route');
    expect(reason).toContain('the broadcast route takes 200 ms a request (200 ms an event), so 5 events/s');
  });

  it('names the route after one long wait in a run that was idle otherwise', () => {
    const wait = { waitedMicros: 3e6, idleMicros: 6.5e6, longestMicros: 2.8e6 };
    expect(judge(wait, 2.8e6)).toMatchObject({
      limitedBy: 'route',
      reason: expect.stringContaining('the broadcast route took 2.8 s for one request'),
    });
  });

  it('allows a longer lateness in a longer run', () => {
    expect(judge({ measuredMicros: 60e6 }, 2_900_000).limitedBy).toBeNull();
    expect(judge({ measuredMicros: 60e6 }, 3_100_000).limitedBy).toBe('generator');
  });

  it('names refusals of more than a few events', () => {
    expect(judge({ refusedEvents: 2, askedEvents: 20, sentEvents: 20 }).limitedBy).toBeNull();
    expect(judge({ refusedEvents: 400 })).toMatchObject({
      limitedBy: 'refusals',
      reason: 'the load was not reached: the hub refused 400 of 1,000 events',
    });
  });
});

describe('a run whose load was not reached', () => {
  const input = (over: Partial<VerdictInput>): VerdictInput =>
    ({
      cohorts: [{ received: 5 }],
      measuredEvents: 5,
      generator: { limited: false },
      hasTargetFailed: false,
      isPartial: false,
      isObserved: false,
      findings: [],
      thresholds: [],
      pace: judge({ sentEvents: 50, waitedMicros: 10e6, idleMicros: 0 }),
      ...over,
    }) as unknown as VerdictInput;
  const finding = (name: Finding['name']): Finding => ({ name, severity: 'error', message: name });

  it('is inconclusive, unless a finding or a decided threshold fails it', () => {
    expect(foldVerdict(input({}))).toBe('inconclusive');
    expect(foldVerdict(input({ findings: [finding('blocked')] }))).toBe('failed');
    const breached = { expr: 'published>90/s', observed: 5, rendered: '5/s', ok: false, isDecided: true };
    expect(foldVerdict(input({ thresholds: [breached] }))).toBe('failed');
  });

  it('holds no eviction by bursts against the hub, and every other finding', () => {
    expect(excuseBursts([finding('fast-evicted'), finding('lost')])).toMatchObject([
      { name: 'fast-evicted', severity: 'warning' },
      { name: 'lost', severity: 'error' },
    ]);
  });

  it('puts evictions by bursts below the slow route, and their sagas with them', () => {
    const found = excuseBursts([finding('publish'), finding('fast-evicted'), finding('saga-order')]);
    expect(nameCauses(found).map(({ name, followsFrom }) => [name, followsFrom])).toEqual([
      ['publish', undefined],
      ['fast-evicted', 'publish'],
      ['saga-order', 'publish'],
    ]);
  });
});
