// What the live page receives: words and numbers as the terminal writes them, and the points its charts lack.
import { agentRowsLive } from './live-agents.ts';
import {
  cohortRowsLive,
  type Figure,
  faultFigure,
  figuresOf,
  phaseTime,
  phaseWord,
  renderElapsed,
} from './live-facts.ts';
import type { LivePhase, LivePoint, LiveState } from './live-run.ts';

interface LivePhaseWords {
  readonly name: string;
  readonly state: LivePhase['state'];
  /** 0 to 1; null where it takes as long as it takes. */
  readonly share: number | null;
  readonly words: string;
}

export type LiveMessage =
  | {
      readonly kind: 'state';
      readonly elapsed: string;
      readonly phase: string;
      /** What is done to the hub now; empty for nothing. */
      readonly fault: string;
      readonly phases: readonly LivePhaseWords[];
      readonly figures: readonly Figure[];
      readonly cohorts: readonly (readonly string[])[];
      readonly agents: readonly (readonly string[])[];
      /** Number of the first of the points; they are counted from the start of the run. */
      readonly firstPoint: number;
      readonly points: readonly LivePoint[];
    }
  /** The run has ended, and its report is at this address. */
  | { readonly kind: 'report'; readonly address: string };

/** `fromPoint`: the first point that the page does not have yet. */
export function liveMessage(state: LiveState, fromPoint: number): LiveMessage & { kind: 'state' } {
  const firstPoint = Math.max(fromPoint, state.droppedPoints);
  const fault = faultFigure(state);
  return {
    kind: 'state',
    elapsed: renderElapsed(state.elapsedMillis),
    phase: state.phases.find((phase) => phase.state === 'running')?.name ?? '',
    fault: fault === undefined ? '' : `${fault.name}: ${fault.value}`,
    phases: state.phases.map((phase) => ({
      name: phase.name,
      state: phase.state,
      share: phase.share,
      words: [phaseWord(phase), phaseTime(phase)].filter((word) => word !== '').join(', '),
    })),
    figures: figuresOf(state),
    cohorts: cohortRowsLive(state).rows,
    agents: agentRowsLive(state).rows,
    firstPoint,
    points: state.points.slice(firstPoint - state.droppedPoints),
  };
}
