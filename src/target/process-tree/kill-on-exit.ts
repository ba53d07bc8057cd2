// Keeps hubs from outliving the kit. Each spawned hub leads a process group of its own; whichever are still registered when
// this process exits, or is ended by a signal nobody else handles, are killed with all that they started.
import { type SpawnedTree, signalOutsiders } from './descendants.ts';

const trees = new Set<SpawnedTree>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Registers a spawned hub; the returned function forgets it, once it is known to be gone. */
export function killTreeOnExit(tree: SpawnedTree): () => void {
  if (trees.size === 0) watch();
  trees.add(tree);
  return () => {
    if (trees.delete(tree) && trees.size === 0) unwatch();
  };
}

/** Sends `signal` to the hub's group and to every process it started outside of it. */
export function signalTree(tree: SpawnedTree, signal: NodeJS.Signals): void {
  // A request to stop comes at once, not after the milliseconds that all processes take to read. For the last signal those
  // outside come first: without their parent, some could no longer be found.
  if (signal !== 'SIGKILL') signalGroup(tree.rootPid, signal);
  signalOutsiders(tree, signal);
  if (signal === 'SIGKILL') signalGroup(tree.rootPid, signal);
}

/** Sends `signal` to every process of the group; a group that is gone is no error. */
function signalGroup(leaderPid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leaderPid, signal);
  } catch (error) {
    // ESRCH: the group is empty. EPERM: only processes of another user are left (a hub that changed its user).
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function watch(): void {
  process.on('exit', killAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function unwatch(): void {
  process.off('exit', killAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function killAll(): void {
  for (const tree of trees) signalTree(tree, 'SIGKILL');
}

// A program with its own handler closes its targets in its own time; the exit hook catches what it forgets. With no
// other handler this one must do what the system would have done without it: end the process.
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  trees.clear();
  unwatch();
  process.kill(process.pid, signal);
}
