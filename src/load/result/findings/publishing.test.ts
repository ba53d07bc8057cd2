// A broadcast that waits is blamed on a slow client only when one is shown to be the cause.
import { describe, expect, it } from 'vitest';
import type { PublishingResult, PublishWait } from '../parts/publishing.ts';
import type { Closing } from './closing.ts';
import { describeUnanswered, judgeForeign, judgePublishing } from './publishing.ts';

const NO_LATENCY = { count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0, mean: 0 };
const alone: PublishWait = { sequence: 3, latencyMicros: 20_000, slowClients: 0, atMillis: 100 };
const wait = (latencyMicros: number, slowClients: number): PublishWait => ({
  sequence: 451,
  latencyMicros,
  slowClients,
  atMillis: 6_000,
});

function publishing(longest: PublishWait, longestAlone: PublishWait | null): PublishingResult {
  const counts = { requests: 9, accepted: 9, refused: 0, unanswered: 0, refusals: [] };
  return { ...counts, latencyMicros: NO_LATENCY, longest, longestAlone };
}

const judge = (
  longest: PublishWait,
  closings: readonly Closing[],
  longestAlone: PublishWait | null = alone,
) => judgePublishing(publishing(longest, longestAlone), closings, []);

describe('judgePublishing', () => {
  it('names event, time and cohort when the wait ended as the hub disconnected clients', () => {
    const closings = [
      { cohort: 'asleep', atMillis: 9_000 },
      { cohort: 'asleep', atMillis: 10_500 },
      { cohort: 'other', atMillis: 2_000 },
    ];
    const message = expect.stringMatching(/event 451 at 6 s waited 5 s while clients of asleep/);
    expect(judge(wait(5e6, 20), closings)).toMatchObject([
      { name: 'blocked', severity: 'error', cohort: 'asleep', message },
    ]);
  });

  it('says that the route is slow, with its times, when no slow client is shown to be the cause', () => {
    const message = expect.stringMatching(
      /route is slow: .*event 451 at 6 s after 5 s; without slow clients it answered within 20 ms; the 20 slow clients are not shown/,
    );
    expect(judge(wait(5e6, 20), [])).toMatchObject([{ name: 'publish', severity: 'warning', message }]);
    expect(judge(wait(5e6, 20), [{ cohort: 'asleep', atMillis: 30_000 }])).toMatchObject([
      { name: 'publish' },
    ]);
  });

  it('blames the route that is as slow without slow clients', () => {
    const slowAlone = { ...alone, latencyMicros: 4.8e6 };
    expect(judge(wait(5e6, 20), [{ cohort: 'asleep', atMillis: 9_000 }], slowAlone)).toMatchObject([
      { name: 'publish', severity: 'warning' },
    ]);
    expect(judge(wait(5e6, 0), [], slowAlone)[0]?.message).toContain('no slow client was connected');
  });

  it('accepts a short wait, and does not judge one twice', () => {
    expect(judge(wait(1e6, 20), [])).toEqual([]);
    const reported = [{ name: 'blocked', severity: 'error', message: '' } as const];
    expect(judgePublishing(publishing(wait(5e6, 20), alone), [], reported)).toEqual([]);
  });

  it('reports refused events with their status, as a warning', () => {
    const refusals = [{ status: 413, events: 4, reason: 'too large' }];
    const refused = { ...publishing(wait(1e3, 0), alone), refused: 4, refusals };
    expect(judgePublishing(refused, [], [])).toMatchObject([
      { name: 'publish', severity: 'warning', message: expect.stringContaining('4 x 413') },
    ]);
    const one = { ...refused, refused: 1, refusals: [{ status: 413, events: 1, reason: 'too large' }] };
    expect(judgePublishing(one, [], [])[0]?.message).toContain('refused 1 event, which');
  });
});

describe('describeUnanswered', () => {
  it('compares the wait with those before slow clients connected', () => {
    expect(describeUnanswered(wait(1e7, 4), alone).message).toBe(
      'the broadcast of event 451 at 6 s was not answered within 10 s: the broadcast route is slow or stopped; without slow clients it answered within 20 ms; the 4 slow clients are not shown to be the cause',
    );
  });
});

describe('judgeForeign', () => {
  it('names a flood of messages that the run did not publish', () => {
    expect(judgeForeign({ foreign: 200_000, received: 400 })).toMatchObject([
      {
        name: 'protocol',
        severity: 'warning',
        message: expect.stringContaining('received 200000 messages that this run did not publish'),
      },
    ]);
  });

  it('accepts some messages of other producers', () => {
    expect(judgeForeign({ foreign: 400, received: 400 })).toEqual([]);
    expect(judgeForeign({ foreign: 100, received: 0 })).toEqual([]);
    expect(judgeForeign({ foreign: 101, received: 0 })).toHaveLength(1);
  });
});
