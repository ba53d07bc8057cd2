// How the clients of a cohort are shared out among worker processes.
import type { Cohort } from '../../../client/cohort.ts';
import type { CohortShare } from '../../worker/worker-messages.ts';

/** Of each worker, in their order; undefined for one that has none. `clientsBefore` are those of the cohorts before it. */
export function shareOut(
  cohort: Cohort,
  clientsBefore: number,
  connectionsPerSecond: number,
  workers: number,
): (CohortShare | undefined)[] {
  let firstClient = 0;
  return Array.from({ length: workers }, (_, worker) => {
    const clients = Math.floor(cohort.clients / workers) + (worker < cohort.clients % workers ? 1 : 0);
    // Those of stages join in all workers alike.
    const part = cohort.stages === undefined ? clients / cohort.clients : 1 / workers;
    const share: CohortShare = {
      cohort: { ...cohort, clients },
      ...{ firstClient, clientsBefore, cohortClients: cohort.clients, worker, workers },
      connectionsPerSecond: connectionsPerSecond * part,
    };
    firstClient += clients;
    return clients > 0 || cohort.stages !== undefined ? share : undefined;
  });
}
