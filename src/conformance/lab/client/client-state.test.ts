// What a busy machine can have to do with the state of a client.
import { expect, it } from 'vitest';
import type { LabClient } from '../lab-client.ts';
import { basisOf } from './client-state.ts';

const client = (state: { isOpen?: boolean; hasStopped?: boolean; faults?: readonly string[] }): LabClient => {
  const { isOpen = true, hasStopped = false, faults = [] } = state;
  return { isOpen, hasStopped, record: { faults } } as never;
};

it.each<[string, LabClient, unknown]>([
  ['one that waits for something', client({}), undefined],
  ['one that is disconnected', client({ isOpen: false }), 'facts'],
  ['one that stopped reading and waits', client({ hasStopped: true }), undefined],
  [
    'one that was disconnected after it had stopped reading',
    client({ isOpen: false, hasStopped: true }),
    undefined,
  ],
  ['one that received what cannot be read', client({ hasStopped: true, faults: ['not JSON'] }), 'facts'],
])('of %s: %#', (_, each, basis) => {
  expect(basisOf(each).basis).toBe(basis);
});
