// The agents of a running load test in words and numbers for people: a row each, and one line for all.
import { renderDurationMillis, renderMicros } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import type { Rows } from '../format/rows.ts';
import type { LiveAgent, LiveState } from './live-run.ts';

/** Beats come twice a second. */
const SILENT_MILLIS = 1_500;

export function agentRowsLive({ agents }: Pick<LiveState, 'agents'>): Rows {
  return {
    head: ['agent', 'connected', 'delivered/s', 'loop delay', 'clock within', 'last beat'],
    rows: agents.map(({ name, view }) =>
      view === undefined
        ? [name, '-', '-', '-', '-', '-']
        : [
            name,
            renderCount(view.clients),
            renderCount(view.deliveriesPerSecond),
            renderMicros(view.eventLoopDelayMicros),
            view.clockErrorMicros === 0 ? 'same clock' : `± ${renderMicros(view.clockErrorMicros)}`,
            view.isLost ? 'lost' : `${renderDurationMillis(view.lastBeatMillisAgo)} ago`,
          ],
    ),
  };
}

/** `3`, or `2 of 3 (b is lost)`. */
export function describeAgents({ agents }: Pick<LiveState, 'agents'>): string {
  const lost = agents.filter(({ view }) => view?.isLost);
  const problems = [
    ...(lost.length > 0 ? [`${namesOf(lost)} lost`] : []),
    ...agents
      .filter(isSilent)
      .map(({ name, view }) => `${name} silent for ${renderDurationMillis(view?.lastBeatMillisAgo ?? 0)}`),
  ];
  const count = lost.length > 0 ? `${agents.length - lost.length} of ${agents.length}` : `${agents.length}`;
  return problems.length === 0 ? count : `${count} (${problems.join('; ')})`;
}

export function hasAgentProblem({ agents }: Pick<LiveState, 'agents'>): boolean {
  return agents.some((agent) => agent.view?.isLost || isSilent(agent));
}

function isSilent({ view }: LiveAgent): boolean {
  return view !== undefined && !view.isLost && view.lastBeatMillisAgo > SILENT_MILLIS;
}

function namesOf(agents: readonly LiveAgent[]): string {
  return agents.map(({ name }) => name).join(', ');
}
