// What a person may see of each agent while a run goes on: its clients, how it keeps up, how well its clock is known, and when it was
// heard last.
import type { Clock } from '../../../time/clock.ts';
import type { Fleet, FleetAgent } from './fleet.ts';

const SECOND_MICROS = 1e6;

export interface AgentView {
  readonly name: string;
  /** That are connected. */
  readonly clients: number;
  readonly deliveries: number;
  /** Over the last second or a little more. */
  readonly deliveriesPerSecond: number;
  /** The longest of its worker processes in the same time. */
  readonly eventLoopDelayMicros: number;
  readonly clockErrorMicros: number;
  readonly lastBeatMillisAgo: number;
  readonly isLost: boolean;
}

/** Of one worker, as it reported last. */
export interface WorkerView {
  readonly open: number;
  readonly deliveries: number;
  readonly lateMicros: number;
}

interface Window {
  readonly fromMicros: number;
  readonly deliveries: number;
  readonly perSecond: number;
  readonly lateMicros: number;
  /** Of the window before it, too: a stall stays in view for a second. */
  readonly shownLateMicros: number;
}

/** To be called again and again; `workers` are all of the run. */
export function createAgentsView(
  clock: Pick<Clock, 'nowMicros'>,
  fleet: Pick<Fleet, 'agents'>,
  workers: () => readonly WorkerView[],
): () => readonly AgentView[] {
  const windows = new Map<string, Window>();

  function look(agent: FleetAgent, own: readonly WorkerView[]): AgentView {
    const nowMicros = clock.nowMicros();
    const deliveries = own.reduce((sum, worker) => sum + worker.deliveries, 0);
    const late = Math.max(0, ...own.map(({ lateMicros }) => lateMicros));
    const before = windows.get(agent.name) ?? {
      ...{ fromMicros: nowMicros, deliveries, perSecond: 0, lateMicros: 0, shownLateMicros: 0 },
    };
    const seconds = (nowMicros - before.fromMicros) / SECOND_MICROS;
    const lateMicros = Math.max(before.lateMicros, late);
    const window =
      seconds < 1
        ? { ...before, lateMicros }
        : {
            ...{ fromMicros: nowMicros, deliveries, lateMicros: 0, shownLateMicros: lateMicros },
            perSecond: Math.max(0, deliveries - before.deliveries) / seconds,
          };
    windows.set(agent.name, window);
    return {
      name: agent.name,
      clients: own.reduce((sum, { open }) => sum + open, 0),
      deliveries,
      deliveriesPerSecond: Math.round(window.perSecond),
      eventLoopDelayMicros: Math.round(Math.max(window.shownLateMicros, lateMicros)),
      clockErrorMicros: Math.round(agent.clockErrorMicros),
      lastBeatMillisAgo: Math.round(agent.lastBeatMillisAgo),
      isLost: agent.lost !== undefined,
    };
  }

  return () => {
    const all = workers();
    return fleet
      .agents()
      .map((agent) => look(agent, all.slice(agent.firstWorker, agent.firstWorker + agent.workers)));
  };
}
