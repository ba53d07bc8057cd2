// Where deliveries were lost, in words.
import { expect, it } from 'vitest';
import type { AtHub, CohortPart } from '../../worker/worker-messages.ts';
import { describeWhereLost } from './lost-at-hubs.ts';

const TARGETS = [1, 2, 3].map((target) => ({
  target,
  url: `ws://hub-${target}/ws`,
  isPublishedAt: target === 1,
}));
const cell = (hub: number, lost: number, received: number, name = 'fast') =>
  ({
    name,
    hub,
    balance: { published: 9, clients: 1, lost, received, faults: [], imbalances: [] },
  }) as unknown as AtHub<CohortPart>;

it('says nothing of one hub, or where nothing was lost', () => {
  expect(describeWhereLost('fast', { cells: [cell(0, 5, 5)], targets: [] })).toBe('');
  expect(describeWhereLost('fast', { cells: [cell(0, 0, 5), cell(1, 0, 5)], targets: TARGETS })).toBe('');
});

it('counts the losses of the cohort at each hub', () => {
  const cells = [cell(0, 2, 5), cell(1, 3, 5), cell(1, 4, 5), cell(2, 9, 1, 'other')];
  expect(describeWhereLost('fast', { cells, targets: TARGETS })).toBe(
    ': 2 at target 1 (ws://hub-1/ws), 7 at target 2 (ws://hub-2/ws)',
  );
});

it('names a hub that is passed nothing', () => {
  const cells = [cell(0, 0, 5), cell(1, 5, 0)];
  expect(describeWhereLost('fast', { cells, targets: TARGETS })).toBe(
    ': 5 at target 2 (ws://hub-2/ws); target 2 delivered no event at all: what is published at target 1 is not passed on to it',
  );
});
