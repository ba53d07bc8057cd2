// All processes that a spawned hub started, also those that left its process group or were handed to init: found by their
// parents, and by a variable that the kit puts into the environment of the hub. Synchronous, because the last chance to end
// them is the exit of the kit. Finds nothing where /proc is not.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fieldsAfterName } from './stat-fields.ts';

export const SPAWN_ID_VARIABLE = 'NORN_SPAWN_ID';

/** One spawned hub: the process that was started, and the value of the variable in its environment. */
export interface SpawnedTree {
  readonly rootPid: number;
  readonly spawnId: string;
}

export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  readonly name: string;
  /** A zombie has ended; only its parent has not noticed. */
  readonly isZombie: boolean;
  /** Whether its environment holds the variable with this value. */
  readonly hasSpawnId: (spawnId: string) => boolean;
}

export const createSpawnId = (): string => randomBytes(12).toString('hex');

/** The living processes of the tree, the root and its process group included. */
export function listTree(
  { rootPid, spawnId }: SpawnedTree,
  processes: readonly ProcessEntry[] = readProcesses(),
): readonly ProcessEntry[] {
  const found = new Set(
    processes
      .filter((each) => each.pid === rootPid || each.groupId === rootPid || each.hasSpawnId(spawnId))
      .map(({ pid }) => pid),
  );
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const { pid, parentPid } of processes) if (found.has(parentPid)) found.add(pid);
  }
  return processes.filter(({ pid, isZombie }) => found.has(pid) && !isZombie);
}

/** Sends `signal` to every process of the tree that is outside of the root's group; the group has a signal of its own. */
export function signalOutsiders(tree: SpawnedTree, signal: NodeJS.Signals): void {
  for (const { pid, groupId } of listTree(tree)) {
    if (groupId === tree.rootPid) continue;
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended, or belongs to another user: then it is listed among what is left.
    }
  }
}

function readProcesses(): readonly ProcessEntry[] {
  return namesOf('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => parseStat(Number(name), read(`/proc/${name}/stat`)));
}

function parseStat(pid: number, stat: string): ProcessEntry[] {
  const [state, parentPid, groupId] = fieldsAfterName(stat);
  if (state === undefined) return [];
  return [
    {
      pid,
      parentPid: Number(parentPid),
      groupId: Number(groupId),
      name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(') ')),
      isZombie: state === 'Z',
      hasSpawnId: (spawnId) => read(`/proc/${pid}/environ`).includes(`${SPAWN_ID_VARIABLE}=${spawnId}`),
    },
  ];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function namesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
