// What a hub that stops on request owes its healthy clients, and how its process may end.
import { describe, expect, it } from 'vitest';
import type { LabClient } from '../../../lab/lab-client.ts';
import { findEvicted, judgeClients, judgeEnd } from './judge-stop.ts';

const LAST_EVENTS = [7, 8, 9];

const client = (closeCode: number | undefined, sequences: readonly number[] = LAST_EVENTS): LabClient => {
  const closes = closeCode === undefined ? [] : [{ code: closeCode }];
  const record = { sequences, closes, faults: [] };
  return { name: 'A', isOpen: false, end: { kind: 'fin', atMillis: 5 }, record } as never;
};
const some = (count: number, ...as: Parameters<typeof client>) =>
  Array.from({ length: count }, () => client(...as));

describe('judgeClients', () => {
  it('wants the last events and Close 1001 for each', () => {
    expect(judgeClients(some(3, 1001), LAST_EVENTS).verdict).toBe('pass');
    expect(judgeClients(some(3, 1001, [6]), []).verdict).toBe('pass');
    expect(judgeClients([...some(3, 1001), client(1000)], LAST_EVENTS).got).toMatch(/after Close 1000/);
    expect(judgeClients([...some(3, 1001), client(undefined)], LAST_EVENTS).got).toMatch(/without a Close/);
  });

  it('says how many of the last events a client received', () => {
    const lost = judgeClients([...some(3, 1001), client(1001, [7, 8])], LAST_EVENTS);
    expect(lost).toMatchObject({ verdict: 'fail', basis: 'facts' });
    expect(lost.got).toMatch(/of the last 3 it received 2$/);
  });
});

describe('findEvicted', () => {
  it('finds clients that were evicted because of the last events, and not those that have them', () => {
    const evicted = client(1013, [7]);
    expect(findEvicted([...some(3, 1001), evicted, client(1013)], LAST_EVENTS)).toEqual([evicted]);
  });

  it('finds none where half of the clients get such a code: this is how the hub stops', () => {
    expect(findEvicted([...some(2, 1001), ...some(2, 1011, [])], LAST_EVENTS)).toEqual([]);
  });
});

describe('judgeEnd', () => {
  it('fails a process that ended as one that failed', () => {
    const stopped = { ok: true, exitCode: 1, elapsedMillis: 5, by: 'SIGTERM' } as const;
    expect(judgeEnd(stopped).verdict).toBe('pass');
    const failed = judgeEnd({ ...stopped, failure: 'exited with code 1' });
    expect(failed).toMatchObject({ verdict: 'fail', got: 'after SIGTERM it exited with code 1' });
  });
});
