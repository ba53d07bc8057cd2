// Every event of a run is accepted, refused or unanswered; waits behind slow clients are findings.
import { describe, expect, it } from 'vitest';
import { judgePublishing } from '../../result/findings/publishing.ts';
import { createPublishRecord } from './publish-record.ts';

const answer = { firstSequence: 0, events: 4, latencyMicros: 1_000, slowClients: 0 };

describe('createPublishRecord', () => {
  it('counts the three states, also within one request', () => {
    const record = createPublishRecord();
    record.add({ ...answer, outcome: { ok: true, accepted: 4 } });
    record.add({
      ...answer,
      outcome: { ok: false, kind: 'refused', status: 413, problem: 'too large', accepted: 1 },
    });
    record.add({ ...answer, outcome: { ok: false, kind: 'timeout', problem: 'no answer', accepted: 2 } });
    expect(record.result()).toMatchObject({
      requests: 3,
      accepted: 7,
      refused: 3,
      unanswered: 2,
      refusals: [{ status: 413, events: 3, reason: 'too large' }],
    });
  });

  it('keeps the longest request with its event', () => {
    const record = createPublishRecord();
    record.add({ ...answer, outcome: { ok: true, accepted: 4 } });
    record.add({
      ...answer,
      firstSequence: 4,
      latencyMicros: 3e6,
      slowClients: 2,
      outcome: { ok: true, accepted: 4 },
    });
    const { longest } = record.result();
    expect(longest).toEqual({ sequence: 4, latencyMicros: 3e6, slowClients: 2 });
  });
});

describe('judgePublishing', () => {
  const waited = (latencyMicros: number, slowClients: number) => {
    const record = createPublishRecord();
    record.add({
      ...answer,
      firstSequence: 451,
      latencyMicros,
      slowClients,
      outcome: { ok: true, accepted: 4 },
    });
    return judgePublishing(record.result());
  };

  it('names the event and the time of a producer that waited behind slow clients', () => {
    expect(waited(5e6, 20)).toMatchObject([
      { name: 'blocked', severity: 'error', message: expect.stringContaining('event 451 waited 5.0 s') },
    ]);
  });

  it('blames no slow client where none was connected, or the wait was short', () => {
    expect(waited(5e6, 0)).toEqual([]);
    expect(waited(1e6, 20)).toEqual([]);
  });

  it('reports refused events with their status, as a warning', () => {
    const record = createPublishRecord();
    record.add({ ...answer, outcome: { ok: false, kind: 'refused', status: 413, problem: 'too large' } });
    expect(judgePublishing(record.result())).toMatchObject([
      { name: 'publish', severity: 'warning', message: expect.stringContaining('4 x 413') },
    ]);
  });
});
