// The coordinator of the agents bench: the fleet and the worker pool of a load test, whose agents have no clients.

import { findAgents } from '../../agents/coordinator/find-agents.ts';
import { type OpenFleet, openFleet } from '../../agents/coordinator/open-fleet.ts';
import { createDeliverySeriesRecorder } from '../../ledger/latency/delivery-series.ts';
import { startWorkerPool, type WorkerPool } from '../../load/coordinator/worker-pool.ts';
import { type LoadPlan, summarizePlan } from '../../load/plan/plan.ts';
import { systemClock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { type Beats, watchBeats } from '../agents/beat-watch.ts';
import { KIT, mustOpenBus, POOL } from '../agents/open-bus.ts';
import { cpuMicrosSince, obeyOrders } from '../subject-process.ts';

export type CoordinatorOrder =
  | {
      readonly kind: 'open';
      readonly port: number;
      readonly agents: number;
      /** Of each agent. */
      readonly workers: number;
    }
  | { readonly kind: 'measure'; readonly seconds: number };

export interface CoordinatorTurn extends Beats {
  readonly cpuMicros: number;
  readonly elapsedMicros: number;
  readonly deliveries: number;
  readonly lostAgents: number;
  /** The largest of all agents. */
  readonly clockErrorMicros: number;
}

/** As often a run looks at what its clients do. */
const LOOK_MILLIS = 50;

async function open(order: Extract<CoordinatorOrder, { readonly kind: 'open' }>) {
  const watch = watchBeats(await mustOpenBus(order.port), '.beat', systemClock);
  const parts = { bus: watch.bus, clock: systemClock, interruption: new AbortController().signal, kit: KIT };
  const plan = {
    ...{ workers: order.agents * order.workers, durationMillis: 60_000, scenarios: [], cohorts: [] },
    ...{ localAddresses: [], faults: [], readBackend: 'auto' },
  } as unknown as LoadPlan;
  const found = await findAgents({ count: order.agents, pool: POOL, kit: KIT }, parts);
  if (!found.ok) throw new Error(found.problem);
  const claimed = found.value.map((announcement) => ({ announcement, workers: order.workers }));
  const fleet = await openFleet(claimed, { ...parts, plan: summarizePlan(plan) });
  if (!fleet.ok) throw new Error(fleet.problem);
  const series = createDeliverySeriesRecorder(new Set(['fast']));
  const pool = await startWorkerPool({
    plan,
    fleet: fleet.value,
    start: {
      ...{
        runId: 'bench',
        hubs: [],
        compression: false,
        readBackend: 'auto',
        deadlineMillis: 1_000,
        seed: 1,
      },
    },
    goesOnWithoutLost: false,
    onFrameSizes: () => {},
    onReturns: () => {},
    takersOfSeconds: [series],
  });
  return { watch, fleet: fleet.value, pool };
}

let coordinator: { watch: ReturnType<typeof watchBeats>; fleet: OpenFleet; pool: WorkerPool } | undefined;

obeyOrders<CoordinatorOrder>(async (order) => {
  if (order.kind === 'open') coordinator = await open(order);
  if (order.kind === 'open' || coordinator === undefined) return {};
  const { watch, fleet, pool } = coordinator;
  const [begun, startMicros] = [process.cpuUsage(), systemClock.nowMicros()];
  watch.take();
  while (systemClock.nowMicros() < startMicros + order.seconds * 1e6) {
    pool.progress();
    pool.latencies.read('fast');
    pool.agents?.();
    await pause(systemClock, LOOK_MILLIS);
  }
  const agents = fleet.agents();
  const turn: CoordinatorTurn = {
    ...watch.take(),
    cpuMicros: cpuMicrosSince(begun),
    elapsedMicros: systemClock.nowMicros() - startMicros,
    deliveries: pool.progress().reduce((sum, { deliveries }) => sum + deliveries, 0),
    lostAgents: agents.filter(({ lost }) => lost !== undefined).length,
    clockErrorMicros: Math.max(...agents.map(({ clockErrorMicros }) => clockErrorMicros)),
  };
  return turn;
});
