// A worker that is gone before it could account for its clients: nothing waits for them any more, and what they were owed is
// unaccounted for. Pure, over what the worker was given and what it had reported.

import type { PublishedRange } from '../../../ledger/ledger.ts';
import { unaccountedBalance } from '../../../ledger/ledger-balance.ts';
import { clientsInAll } from '../../plan/stages/client-stages.ts';
import { CohortState } from '../../worker/cohort-state.ts';
import type {
  AtHub,
  CohortPart,
  CohortProgress,
  CohortShare,
  WorkerResult,
} from '../../worker/worker-messages.ts';

/** What the workers have counted, and what is owed to clients of those that are gone without having accounted for them. */
export interface WorkerAccounts {
  readonly results: readonly WorkerResult[];
  readonly unaccounted?: readonly UnaccountedWorker[];
}

export interface UnaccountedWorker {
  /** From 0. */
  readonly worker: number;
  readonly cohorts: readonly AtHub<CohortPart>[];
  /** As of its latest account, that `cohorts` has, too; undefined where there was none. */
  readonly known?: Pick<WorkerResult, 'health' | 'events'> | undefined;
}

/** What a worker was given. */
export interface GivenShare {
  readonly share: CohortShare;
  /** The first event that these clients may be owed. */
  readonly fromEvent: number;
}

export interface GoneWorker {
  readonly shares: readonly GivenShare[];
  /** What it had reported last. */
  readonly progress: readonly AtHub<CohortProgress>[];
  /** What it had counted last while the run went on. */
  readonly account?: Pick<WorkerResult, 'cohorts'> | undefined;
  readonly hubs: number;
  /** Of the measured time, in which clients join by stages. */
  readonly durationMillis: number;
}

/** All attempts to connect have ended, and nobody is connected. Counts that never fall stay. */
export function progressOfGone(gone: GoneWorker): AtHub<CohortProgress>[] {
  return cellsOf(gone, ({ share, hub, clients }) => {
    const { name } = share.cohort;
    const last = reportedOf(gone, name, hub);
    const { open = 0, away = 0 } = last ?? {};
    return {
      ...{ name, hub, attempted: clients },
      ...{ connected: last?.connected ?? 0, evicted: last?.evicted ?? 0, deliveries: last?.deliveries ?? 0 },
      ...(last?.failures && { failures: last.failures }),
      ...{ open: 0, joined: 0, lowestNextSequence: null },
      ...(open + away > 0 && { unaccounted: open + away }),
    };
  });
}

/**
 * Clients that were connected were owed everything from the first event that they may be owed. What an account had counted as received
 * stays, and what was wrong with it; what became of the clients since is not known.
 */
export function accountForGone(
  gone: GoneWorker,
  ranges: Readonly<Record<string, PublishedRange>>,
): AtHub<CohortPart>[] {
  return cellsOf(gone, ({ share, fromEvent, hub, clients }) => {
    const { cohort } = share;
    const range = ranges[cohort.name] ?? { first: 0, last: -1 };
    const connected = reportedOf(gone, cohort.name, hub)?.connected ?? 0;
    const known = gone.account?.cohorts.find((part) => part.name === cohort.name && part.hub === hub);
    const owedFrom = range.owedFrom ?? Math.max(range.first, fromEvent);
    return {
      ...new CohortState({ ...cohort, clients }, { hub }).account(range),
      ...(known && { deliveries: known.deliveries }),
      balance: unaccountedBalance(connected, range, owedFrom, known?.balance),
      unaccountedClients: clients,
    };
  });
}

/** Clients of a cohort that probed whether the hub had closed their sockets, and whose end was not seen: every other one. */
export function countLostProbers(gone: GoneWorker, cohort: string): number {
  const own = gone.shares.filter(({ share }) => share.cohort.name === cohort);
  const probers = own
    .flatMap(({ share }) => Array.from({ length: share.cohort.clients }, (_, at) => share.firstClient + at))
    .filter((number) => Math.floor(number / gone.hubs) % 2 === 0).length;
  const evicted = gone.progress
    .filter(({ name }) => name === cohort)
    .reduce((sum, part) => sum + part.evicted, 0);
  return Math.max(0, probers - evicted);
}

interface Cell extends GivenShare {
  readonly hub: number;
  /** All of them, also those that would have joined later. */
  readonly clients: number;
}

/** Of each share the clients at each hub, where there are any. */
function cellsOf<T>({ shares, hubs, durationMillis }: GoneWorker, read: (cell: Cell) => T): T[] {
  return shares.flatMap((given) => {
    const counts = Array.from({ length: hubs }, () => 0);
    for (const number of numbersOf(given.share, durationMillis)) {
      const hub = (given.share.clientsBefore + number) % hubs;
      counts[hub] = (counts[hub] ?? 0) + 1;
    }
    return counts.flatMap((clients, hub) => (clients > 0 ? [read({ ...given, hub, clients })] : []));
  });
}

/** As in worker/stages/staged-clients.ts: those that are there from the start in blocks, the others in turn. */
function* numbersOf(share: CohortShare, durationMillis: number): Generator<number> {
  const { cohort, firstClient, cohortClients, worker, workers } = share;
  for (let at = 0; at < cohort.clients; at++) yield firstClient + at;
  const all = clientsInAll({ ...cohort, clients: cohortClients }, durationMillis);
  for (let number = cohortClients; number < all; number++) if (number % workers === worker) yield number;
}

function reportedOf(
  { progress }: GoneWorker,
  cohort: string,
  hub: number,
): AtHub<CohortProgress> | undefined {
  return progress.find((part) => part.name === cohort && part.hub === hub);
}
