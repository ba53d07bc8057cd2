// Agents of the agents bench, many in one process: each is what `norn-loadtest agent` starts, with workers that only say what such
// workers say.
import { startAgent } from '../../agents/agent/agent.ts';
import { systemClock } from '../../time/clock.ts';
import { type Beats, type BeatWatch, watchBeats } from '../agents/beat-watch.ts';
import { KIT, mustOpenBus, POOL } from '../agents/open-bus.ts';
import { createSimulatedWorkers } from '../agents/simulated-worker.ts';
import { obeyOrders } from '../subject-process.ts';

export type AgentsOrder =
  | { readonly kind: 'start'; readonly port: number; readonly first: number; readonly agents: number }
  /** The beats of the coordinator since the last of these. */
  | { readonly kind: 'beats' };

let watch: BeatWatch | undefined;

obeyOrders<AgentsOrder>(async (order): Promise<Beats> => {
  if (order.kind === 'start') {
    watch = watchBeats(await mustOpenBus(order.port), '.coordinator-beat', systemClock);
    for (let number = order.first; number < order.first + order.agents; number++)
      startAgent({
        ...{ bus: watch.bus, clock: systemClock, say: () => {} },
        startWorker: createSimulatedWorkers(systemClock, number),
        self: {
          ...{ id: `simulated-${number}`, name: `simulated-${number}`, pool: POOL, kit: KIT },
          ...{ host: `host-${number}`, cores: 4 },
        },
      });
  }
  return watch?.take() ?? { count: 0, longestGapMillis: 0 };
});
