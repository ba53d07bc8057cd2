// Collects what all workers that are there have counted so far: only together are their accounts a result.
import type { Clock } from '../../../time/clock.ts';
import type { InterimAccount, WorkerResult } from '../../worker/worker-messages.ts';

/** A worker that is slower than this has other things to do: the next account may come from all. */
const DEADLINE_MILLIS = 5_000;

export interface InterimResults {
  readonly results: readonly WorkerResult[];
  /** The time that it took of the worker that was busy longest. */
  readonly busyMicros: number;
}

export interface InterimAccounts {
  /** Of events before `cut`, from every worker; undefined where one does not answer in time. One at a time. */
  next(cut: number): Promise<InterimResults | undefined>;
  /** Answers that nobody waits for any more are dropped. */
  add(worker: number, account: InterimAccount): void;
  /** It answers no more: the others' accounts are enough. */
  lose(worker: number): void;
}

export function createInterimAccounts(clock: Clock, workers: number): InterimAccounts {
  const lost = new Set<number>();
  let add: InterimAccounts['add'] = () => {};
  let look = () => {};
  return {
    next(cut) {
      const accounts = new Map<number, InterimAccount>();
      return new Promise((resolve) => {
        const deadline = clock.after(DEADLINE_MILLIS, () => end(undefined));
        const end = (results: InterimResults | undefined) => {
          deadline.cancel();
          [add, look] = [() => {}, () => {}];
          resolve(results);
        };
        look = () => {
          for (const worker of lost) accounts.delete(worker);
          if (accounts.size > 0 && accounts.size + lost.size === workers) end(merge(accounts));
        };
        add = (worker, account) => {
          if (account.cut !== cut) return;
          accounts.set(worker, account);
          look();
        };
      });
    },
    add: (worker, account) => add(worker, account),
    lose(worker) {
      lost.add(worker);
      look();
    },
  };
}

function merge(accounts: ReadonlyMap<number, InterimAccount>): InterimResults {
  return {
    results: [...accounts].map(([worker, { result }]) => ({ ...result, worker })),
    busyMicros: Math.max(...[...accounts.values()].map(({ busyMicros }) => busyMicros)),
  };
}
