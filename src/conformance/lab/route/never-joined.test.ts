// Clients that received nothing at all, and one that received what cannot be read.
import { expect, it } from 'vitest';
import type { LabClient } from '../lab-client.ts';
import { neverJoined } from './never-joined.ts';

const client = (name: string, ...problems: string[]): LabClient =>
  ({ name, record: { faults: problems.map((problem) => ({ kind: 'frame', problem })) } }) as never;

it('is a hub that delivers nothing only where no client received anything', () => {
  expect(neverJoined([client('A'), client('B')], 3, 2_000)).toMatchObject({
    verdict: 'fail',
    got: 'client A, B received none of 3 events that the hub accepted',
    muteness: 'delivers-nothing',
  });
  const unreadable = neverJoined([client('A'), client('B', 'not JSON')], 3, 2_000);
  expect(unreadable.got).toContain('; first fault: not JSON');
  expect(unreadable.muteness).toBeUndefined();
});
