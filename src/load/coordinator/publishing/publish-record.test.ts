// Every event of a run is accepted, refused or unanswered.
import { describe, expect, it } from 'vitest';
import { createPublishRecord } from './publish-record.ts';

const answer = { firstSequence: 0, events: 4, latencyMicros: 1_000, sentAtMicros: 0, slowClients: 0 };

describe('createPublishRecord', () => {
  it('counts the three states, also within one request', () => {
    const record = createPublishRecord();
    record.add({ ...answer, outcome: { ok: true, accepted: 4 } });
    record.add({
      ...answer,
      outcome: { ok: false, kind: 'refused', status: 413, problem: 'too large', accepted: 1 },
    });
    record.add({ ...answer, outcome: { ok: false, kind: 'timeout', problem: 'no answer', accepted: 2 } });
    expect(record.result(0)).toMatchObject({
      requests: 3,
      accepted: 7,
      refused: 3,
      unanswered: 2,
      refusals: [{ status: 413, events: 3, reason: 'too large' }],
    });
  });

  it('keeps the longest request with its event and time, and the longest without slow clients', () => {
    const record = createPublishRecord();
    record.add({ ...answer, outcome: { ok: true, accepted: 4 } });
    record.add({
      ...answer,
      firstSequence: 4,
      latencyMicros: 3e6,
      slowClients: 2,
      outcome: { ok: true, accepted: 4 },
    });
    const { longest, longestAlone } = record.result(-5e6);
    expect(longest).toEqual({ sequence: 4, latencyMicros: 3e6, slowClients: 2, atMillis: 5_000 });
    expect(longestAlone).toMatchObject({ sequence: 0, latencyMicros: 1_000 });
  });
});
