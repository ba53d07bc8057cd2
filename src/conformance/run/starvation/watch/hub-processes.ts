// Which processes are the hub. Those that the target knows are watched. A hub that somebody else started is found by the port
// on which it listens, where this machine lets the kit look: only so that its CPU time is not taken for that of other programs.
import { findListeners } from '../../../../target/process-facts.ts';
import { isLoopbackUrl } from '../../../../target/refuse-non-loopback.ts';
import type { Target } from '../../../../target/target.ts';
import type { Clock } from '../../../../time/clock.ts';
import { isUnixUrl } from '../../../../wire/address/unix-url.ts';
import { addressOf } from '../../../../wire/hub-address.ts';

export interface HubProcesses {
  /** Undefined where the target knows none. */
  readonly known: () => readonly number[] | undefined;
  /** Those that listen where the hub is; none where that cannot be seen. */
  readonly find: () => Promise<readonly number[]>;
}

export interface HubPids {
  /** With their descendants. */
  readonly pids: readonly number[];
  /** The target knows them: how long they wait for a core counts. */
  readonly isKnown: boolean;
}

interface SystemFacts {
  withDescendants(pids: readonly number[]): readonly number[];
  readonly ownPid: number;
}

/** Processes that the hub starts are looked for so often... */
const CHILDREN_MILLIS = 1_000;
/** ...and its first ones so often, or when they are gone. */
const FIRST_MILLIS = 10_000;

/** `target` may be another one after a restart. */
export const hubProcessesOf = (target: () => Pick<Target, 'pids' | 'url' | 'proxy'>): HubProcesses => ({
  known: () => target().pids?.(),
  async find() {
    const { url, proxy } = target();
    // Who listens is the proxy.
    if (proxy !== undefined || !(isUnixUrl(url) || isLoopbackUrl(url))) return [];
    return findListeners(addressOf(url));
  },
});

/** Call it for each reading; `isGone`: of those known so far none could be read. */
export function createPidList(
  clock: Clock,
  hub: HubProcesses,
  system: SystemFacts,
): (isGone: boolean) => HubPids {
  const finder = createFinder(clock, hub);
  let known: readonly number[] | undefined;
  let all: readonly number[] = [];
  let [firstAtMicros, allAtMicros] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];

  /** Who has started the kit, too, starts more than the hub. */
  function treeOf(found: number): readonly number[] {
    const tree = system.withDescendants([found]);
    return tree.includes(system.ownPid) ? [found] : tree;
  }

  return (isGone) => {
    const nowMicros = clock.nowMicros();
    const isOld = isGone || nowMicros - firstAtMicros >= FIRST_MILLIS * 1e3;
    if (isOld) [known, firstAtMicros] = [hub.known(), nowMicros];
    if (known === undefined) finder.look(isGone);
    if (isOld || nowMicros - allAtMicros >= CHILDREN_MILLIS * 1e3) {
      const trees = known === undefined ? finder.found.flatMap(treeOf) : system.withDescendants(known);
      const others = [...new Set(trees)].filter((pid) => pid !== system.ownPid);
      [all, allAtMicros] = [known === undefined ? others : trees, nowMicros];
    }
    return { pids: all, isKnown: known !== undefined };
  };
}

/** Looks once, and again when those that it has found are gone: it has to read the descriptors of every process. */
function createFinder(clock: Clock, hub: HubProcesses) {
  let found: readonly number[] = [];
  let [hasLooked, hasFound, isLooking, lookedAtMicros] = [false, false, false, 0];

  async function find(): Promise<void> {
    isLooking = true;
    found = await hub.find().catch(() => []);
    [hasLooked, isLooking, lookedAtMicros] = [true, false, clock.nowMicros()];
    hasFound ||= found.length > 0;
  }

  return {
    get found() {
      return found;
    },
    look(isGone: boolean): void {
      const isTime = clock.nowMicros() - lookedAtMicros >= FIRST_MILLIS * 1e3;
      if (!isLooking && (!hasLooked || (hasFound && isGone && isTime))) void find();
    },
  };
}
