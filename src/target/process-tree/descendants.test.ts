// Which processes belong to a spawned hub, on a table of processes.
import { describe, expect, it } from 'vitest';
import { listTree, type ProcessEntry } from './descendants.ts';

const entry = (pid: number, parentPid: number, facts: Partial<ProcessEntry> = {}): ProcessEntry => ({
  pid,
  parentPid,
  groupId: pid,
  name: 'x',
  isZombie: false,
  hasSpawnId: () => false,
  ...facts,
});
const tree = { rootPid: 100, spawnId: 'own' };
const pidsOf = (processes: readonly ProcessEntry[]) => listTree(tree, processes).map(({ pid }) => pid);

describe('listTree', () => {
  it('has the root, its group and all descendants, whatever their group and order', () => {
    const others = [entry(1, 0), entry(50, 1), entry(51, 50)];
    const own = [entry(30, 90), entry(90, 100), entry(100, 50), entry(101, 1, { groupId: 100 })];
    expect(pidsOf([...others, ...own])).toEqual([30, 90, 100, 101]);
  });

  it('has a daemon that init adopted, by its environment, and what it started', () => {
    const daemon = entry(200, 1, { hasSpawnId: (id) => id === 'own' });
    expect(pidsOf([daemon, entry(201, 200), entry(202, 1, { hasSpawnId: (id) => id === 'other' })])).toEqual([
      200, 201,
    ]);
  });

  it('has no zombies', () => {
    expect(pidsOf([entry(100, 50, { isZombie: true }), entry(101, 100)])).toEqual([101]);
  });
});
