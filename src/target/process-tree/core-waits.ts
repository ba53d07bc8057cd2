// How long the threads of a hub stood ready without a core, and how much CPU time it used, as Linux counts both: of given
// processes and all that they started. Synchronous, because the moment of a reading matters. Finds nothing where /proc is
// not, or belongs to somebody else.
import { readdirSync, readFileSync } from 'node:fs';
import { type CoreTimes, parseCoreList, parseEachCore } from './core-times.ts';
import { cpuTicks, fieldsAfterName, TICKS_PER_SECOND } from './stat-fields.ts';
import { createThreadSampler } from './thread-sample.ts';

export interface ThreadWaits {
  /** Since its start, as of the last time that it got a core. */
  readonly waitedMillis: number;
  /** Changes whenever it runs. */
  readonly mark: string;
  /** It stands for the threads that were not read, too. */
  readonly isSample?: boolean;
}

/** One reading. */
export interface TreeWaits {
  /** By thread id; of very many only some. */
  readonly threads: ReadonlyMap<number, ThreadWaits>;
  /** With those that were not read. */
  readonly threadCount: number;
  /** Used since their start by the processes, with the threads and children of theirs that have ended. */
  readonly cpuSeconds: number;
}

export type TreeReader = (pids: readonly number[]) => TreeWaits | undefined;

/** Reads the same hub again and again; undefined where not one thread can be read. */
export function createTreeReader(): TreeReader {
  const sample = createThreadSampler();
  let last: ReadonlyMap<number, ThreadWaits> = new Map();
  let running: ReadonlySet<number> = new Set();
  return (pids) => {
    const tids = pids.flatMap((pid) => threadsOf(pid));
    const { sure, inTurn } = sample(tids, (tid) => running.has(tid));
    const threads = new Map([...readThreads(sure, false), ...readThreads(inTurn, true)]);
    running = new Set(
      [...threads].filter(([tid, now]) => isOtherMark(last.get(tid), now)).map(([tid]) => tid),
    );
    last = threads;
    const threadCount = threads.size + tids.length - sure.length - inTurn.length;
    return threads.size === 0 ? undefined : { threads, threadCount, cpuSeconds: cpuSecondsOf(pids) };
  };
}

const isOtherMark = (before: ThreadWaits | undefined, now: ThreadWaits): boolean =>
  before !== undefined && before.mark !== now.mark;

function readThreads(
  tids: readonly number[],
  isSample: boolean,
): readonly (readonly [number, ThreadWaits])[] {
  return tids.flatMap((tid) => {
    const waits = parseSchedstat(read(`/proc/${tid}/schedstat`));
    return waits === undefined ? [] : [[tid, { ...waits, isSample }] as const];
  });
}

/** User and system time since their start, with children of theirs that have ended; 0 for those that are gone. */
export function cpuSecondsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const { own, ofEndedChildren } = parseCpuSeconds(read(`/proc/${pid}/stat`));
    return sum + own + ofEndedChildren;
  }, 0);
}

/** Of one process: its first thread, and the CPU time that it has used itself. Its children are somebody else's. */
export function readMainThread(pid: number): TreeWaits | undefined {
  const waits = parseSchedstat(read(`/proc/${pid}/task/${pid}/schedstat`));
  const { own } = parseCpuSeconds(read(`/proc/${pid}/stat`));
  return waits && { threads: new Map([[pid, waits]]), threadCount: 1, cpuSeconds: own };
}

/** Each thread has children of its own: of very many this takes the first, the main thread among them, and the latest. */
const MOST_PARENTS = 64;

/** The processes and living descendants of theirs; only the processes where the kernel does not list children. */
export function withDescendants(pids: readonly number[]): readonly number[] {
  const found = new Set(pids);
  for (const pid of found)
    for (const tid of endsOf(threadsOf(pid), MOST_PARENTS))
      for (const child of read(`/proc/${pid}/task/${tid}/children`).split(' '))
        if (child !== '') found.add(Number(child));
  return [...found];
}

/** The first and the last of many. */
function endsOf(all: readonly number[], most: number): readonly number[] {
  return all.length <= most ? all : [...all.slice(0, most / 2), ...all.slice(-most / 2)];
}

/** The thread runs, or waits for a core: its time of waiting is not counted before it gets one. */
export function isReady(tid: number): boolean {
  // Its own file: that of a process adds up all threads each time.
  return fieldsAfterName(read(`/proc/${tid}/task/${tid}/stat`))[0] === 'R';
}

/** By the number of the core. */
export function readCores(): ReadonlyMap<number, CoreTimes> {
  return parseEachCore(read('/proc/stat'));
}

/** The cores on which the thread may run; none where that is not known. */
export function coresOf(tid: number): readonly number[] {
  const list = /^Cpus_allowed_list:\s+(\S+)$/m.exec(read(`/proc/${tid}/status`))?.[1];
  return parseCoreList(list ?? '');
}

// Nanoseconds on a core, nanoseconds ready without one, and how many times it got one.
function parseSchedstat(text: string): ThreadWaits | undefined {
  const waited = /^\d+ (\d+) \d+\s*$/.exec(text)?.[1];
  return waited === undefined ? undefined : { waitedMillis: Number(waited) / 1e6, mark: text };
}

/** User and system time together. */
export function parseCpuSeconds(stat: string): { readonly own: number; readonly ofEndedChildren: number } {
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = cpuTicks(stat);
  return {
    own: (user + system) / TICKS_PER_SECOND,
    ofEndedChildren: (childrenUser + childrenSystem) / TICKS_PER_SECOND,
  };
}

function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
