// The headline names what kept a run from being judged, and nothing that is not so.
import { describe, expect, it } from 'vitest';
import type { LoadtestResult } from '../../../load/result/result.ts';
import { buildLoadtestResult } from '../../../testing/builders/loadtest-result-builder.ts';
import { verdictReason } from './verdict-reason.ts';

const complete = buildLoadtestResult({ seed: 1 });
const reasonOf = (over: Partial<LoadtestResult>) =>
  verdictReason({
    ...complete,
    verdict: 'inconclusive',
    partial: false,
    findings: [],
    thresholds: [],
    pace: { ...complete.pace, reason: null } as NonNullable<LoadtestResult['pace']>,
    ...over,
  });

describe('the reason of an inconclusive run', () => {
  it('is a fault that was not injected', () => {
    const message = 'a fault was not injected: the command ended with code 1';
    expect(reasonOf({ findings: [{ name: 'not-injected', severity: 'warning', message }] })).toBe(message);
  });

  it('is a threshold of which nothing could be judged', () => {
    const expr = 'latency{cohort=fast}[5s].p99<1ms';
    const rendered = 'too few deliveries in every window';
    const windows = { judged: 0, breached: 0 };
    const threshold = { expr, observed: null, rendered, ok: false, isDecided: false, windows };
    expect(reasonOf({ thresholds: [threshold] })).toBe(`${expr} was not judged: ${rendered}`);
  });

  it('is that nothing was published, in the measured time or at all, or that nothing arrived', () => {
    const { ledger, throughput, cohorts } = complete;
    expect(reasonOf({ ledger: { ...ledger, published: 0 } })).toBe('no event was published');
    expect(reasonOf({ throughput: { ...throughput, publishedPerSecond: 0 } })).toBe(
      'no event was published in the measured time',
    );
    expect(reasonOf({ cohorts: cohorts.map((cohort) => ({ ...cohort, received: 0 })) })).toBe(
      'no client received an event',
    );
  });

  it('is never that clients got nothing where they got events', () => {
    expect(reasonOf({})).toBe('too little was measured to judge the hub');
  });
});
