// Keeps hubs from outliving the kit. Each spawned hub leads a process group of its own; whichever groups are still
// registered when this process exits, or is ended by a signal nobody else handles, are killed with it.
const leaders = new Set<number>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Registers the group led by `leaderPid`; the returned function forgets it, once it is known to be gone. */
export function killGroupOnExit(leaderPid: number): () => void {
  if (leaders.size === 0) watch();
  leaders.add(leaderPid);
  return () => {
    if (leaders.delete(leaderPid) && leaders.size === 0) unwatch();
  };
}

/** Sends `signal` to every process of the group; a group that is gone is no error. */
export function signalGroup(leaderPid: number, signal: NodeJS.Signals): void {
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
  for (const leaderPid of leaders) signalGroup(leaderPid, 'SIGKILL');
}

// A program with its own handler closes its targets in its own time; the exit hook catches what it forgets. With no
// other handler this one must do what the system would have done without it: end the process.
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  leaders.clear();
  unwatch();
  process.kill(process.pid, signal);
}
