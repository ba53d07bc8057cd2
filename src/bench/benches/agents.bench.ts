// What the coordinator of a run with 1,000 agents needs: CPU time for each agent and second, and whether beats arrive in time. The agents
// are simulated, their messages, the nats-server and the coordinator's side are real.
import { BEAT_MILLIS } from '../../agents/messages/messages.ts';
import { freePort, isNatsMissing, startNatsServer } from '../../testing/nats-server.ts';
import type { Beats } from '../agents/beat-watch.ts';
import type { Bench } from '../bench.ts';
import { type BenchChild, startSubject } from '../child.ts';
import { compareTurns, median } from '../rounds.ts';
import type { CoordinatorOrder, CoordinatorTurn } from '../subjects/agents-coordinator.ts';
import type { AgentsOrder } from '../subjects/simulated-agents.ts';

const [AGENTS, SHORT_AGENTS] = [1_000, 100];
const [SECONDS, SHORT_SECONDS] = [10, 3];
const AGENT_PROCESSES = 2;
/** Worker processes of each agent: 10,000 clients. */
const WORKERS = 3;
/** A beat comes every 500 ms; after 5 s without one an agent is lost. */
const LATE_AFTER_MILLIS = 2 * BEAT_MILLIS;
const CPU_BAR = { sense: 'at-most', ratio: 1, failsAt: 2 } as const;
const BEAT_BAR = { sense: 'at-most', ratio: 1, failsAt: 5 } as const;

export const agentsBench: Bench = {
  name: 'agents',
  title:
    'CPU time of a coordinator with 1,000 agents, against one core; and the longest time between two beats',
  async run({ rounds, isShort }) {
    if (isNatsMissing) return { rows: [], notes: ['left out: there is no nats-server'] };
    const [agents, seconds] = isShort ? [SHORT_AGENTS, SHORT_SECONDS] : [AGENTS, SECONDS];
    const port = await freePort();
    const server = await startNatsServer(port);
    const children: BenchChild[] = [];
    const start = (name: string) => {
      const child = startSubject(name);
      children.push(child);
      return child;
    };
    try {
      const fleets = Array.from({ length: AGENT_PROCESSES }, () => start('simulated-agents'));
      const each = agents / AGENT_PROCESSES;
      const giveAll = (orderOf: (at: number) => AgentsOrder) =>
        Promise.all(fleets.map((fleet, at) => fleet.ask<Beats>(orderOf(at))));
      await giveAll((at) => ({ kind: 'start', port, first: at * each, agents: each }));
      const coordinator = start('agents-coordinator');
      const ask = (order: CoordinatorOrder) => coordinator.ask<CoordinatorTurn>(order);
      await ask({ kind: 'open', port, agents, workers: WORKERS });
      // Of the first nothing is kept: code is compiled.
      await ask({ kind: 'measure', seconds: SHORT_SECONDS });
      const turns: { turn: CoordinatorTurn; atAgents: readonly Beats[] }[] = [];
      for (let round = 0; round < Math.min(rounds, 3); round++) {
        await giveAll(() => ({ kind: 'beats' }));
        const turn = await ask({ kind: 'measure', seconds });
        turns.push({ turn, atAgents: await giveAll(() => ({ kind: 'beats' })) });
      }
      return foldTurns(turns, agents);
    } finally {
      for (const child of children) child.close();
      server.kill('SIGKILL');
    }
  },
};

function foldTurns(
  turns: readonly { readonly turn: CoordinatorTurn; readonly atAgents: readonly Beats[] }[],
  agents: number,
) {
  const subject = `coordinator of ${agents.toLocaleString('en-US')} agents`;
  const cores = turns.map(({ turn }) => turn.cpuMicros / turn.elapsedMicros);
  const gaps = turns.map(({ turn }) => turn.longestGapMillis);
  const gapsAtAgents = turns.map(({ atAgents }) =>
    Math.max(...atAgents.map(({ longestGapMillis }) => longestGapMillis)),
  );
  const micros = Math.round((median(cores) * 1e6) / agents);
  const errors = turns.map(({ turn }) => turn.clockErrorMicros);
  const lost = Math.max(...turns.map(({ turn }) => turn.lostAgents));
  const beats = turns.reduce(
    (sum, { turn, atAgents }) => sum + turn.count + atAgents.reduce((more, { count }) => more + count, 0),
    0,
  );
  const all = (value: number) => turns.map(() => value);
  return {
    rows: [
      compareTurns(
        { name: `${subject}, CPU`, values: cores },
        { name: 'one core', values: all(1) },
        'cores',
        CPU_BAR,
      ),
      compareTurns(
        { name: `${subject}, beats of one agent`, values: gaps },
        { name: 'late', values: all(LATE_AFTER_MILLIS) },
        'ms apart at most',
        BEAT_BAR,
      ),
      compareTurns(
        { name: `${subject}, its beats at one agent`, values: gapsAtAgents },
        { name: 'late', values: all(LATE_AFTER_MILLIS) },
        'ms apart at most',
        BEAT_BAR,
      ),
    ],
    notes: [
      `${micros} us of CPU time for each agent and second, with ${WORKERS} worker processes each; ${beats} beats in both directions`,
      `lost agents: ${lost}; clocks known to ${Math.round(median(errors))} us at worst`,
    ],
  };
}
