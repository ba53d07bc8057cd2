// The live view of a load test as lines for a terminal: a function of the state and the size, so that widths are tested
// without a terminal. What does not fit in height is left out from the bottom of the cohorts, and said.
import { renderMicros } from '../../units/duration.ts';
import type { Rows } from '../format/rows.ts';
import { renderBar, renderSparkline } from './bars.ts';
import { agentRowsLive, describeAgents, hasAgentProblem } from './live-agents.ts';
import {
  cohortRowsLive,
  faultFigure,
  figuresOf,
  phaseTime,
  phaseWord,
  renderElapsed,
  renderShort,
} from './live-facts.ts';
import type { LivePhase, LiveState } from './live-run.ts';
import { type Paint, plainText, renderSpans, type Span, span } from './span.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

const NAME_COLUMNS = 14;
const FIGURE_COLUMNS = 20;
const MAX_BAR_COLUMNS = 40;
const TAIL_COLUMNS = 17;
/** Up to this width a phase's bar has no room for both its share and its time. */
const NARROW_COLUMNS = 56;

/** No line is wider than `columns`, and there are no more lines than `rows`. */
export function renderLiveTerminal(
  state: LiveState,
  { columns, rows }: TerminalSize,
  paint: Paint = plainText,
): readonly string[] {
  const head: Span[][] = [
    [span(`${renderElapsed(state.elapsedMillis)}  `, 'strong'), span(state.title)],
    [],
    ...state.phases.map((phase) => phaseLine(phase, columns)),
    // The line is there from the start, so that nothing moves.
    faultLine(state),
    ...agentLine(state),
    ...figureLines(state, columns),
    ...sparkLines(state, columns),
  ];
  const room = rows - head.length;
  const cohorts = tableLines(cohortRowsLive(state), columns, room, 'cohorts');
  const agents =
    state.agents.length === 0
      ? []
      : [[], ...tableLines(agentRowsLive(state), columns, room - cohorts.length - 1, 'agents')];
  const lines = [...head, ...cohorts, ...agents].slice(0, Math.max(1, rows));
  return lines.map((line) => renderSpans(line, columns, paint));
}

function phaseLine(phase: LivePhase, columns: number): Span[] {
  const isNarrow = columns < NARROW_COLUMNS;
  const tail = isNarrow ? 7 : TAIL_COLUMNS;
  const width = Math.max(4, Math.min(MAX_BAR_COLUMNS, columns - NAME_COLUMNS - tail));
  const { full, empty } = renderBar(phase.share ?? 0, width);
  const isOpenEnded = phase.state === 'running' && phase.share === null;
  const look = phase.state === 'running' ? 'strong' : 'quiet';
  return [
    span(phase.name.padEnd(NAME_COLUMNS), look),
    ...(isOpenEnded
      ? [span('▒'.repeat(width), 'accent')]
      : [span(full, phase.state === 'done' ? 'good' : 'accent'), span(empty, 'quiet')]),
    ...(phase.state === 'ahead' ? [] : [span(` ${phaseWord(phase)}`.padEnd(7), look)]),
    ...(phase.state === 'ahead' || isNarrow ? [] : [span(phaseTime(phase).padStart(10), 'quiet')]),
  ];
}

function faultLine(state: LiveState): Span[] {
  const fault = faultFigure(state);
  return fault === undefined
    ? []
    : [span(fault.name.padEnd(NAME_COLUMNS), 'strong'), span(fault.value, 'bad')];
}

function agentLine(state: LiveState): Span[][] {
  if (state.agents.length === 0) return [];
  const look = hasAgentProblem(state) ? 'bad' : 'strong';
  return [[span('agents'.padEnd(NAME_COLUMNS), 'quiet'), span(describeAgents(state), look)]];
}

/** As many to a line as fit, in columns below each other. */
function figureLines(state: LiveState, columns: number): Span[][] {
  const figures = figuresOf(state);
  const perLine = Math.max(1, Math.min(4, Math.floor(columns / FIGURE_COLUMNS)));
  const width = Math.max(8, Math.min(26, Math.floor(columns / perLine)));
  const lines: Span[][] = [];
  for (let at = 0; at < figures.length; at += perLine) {
    lines.push(
      figures.slice(at, at + perLine).flatMap(({ name, value, isBad }, nth) => {
        const gap = nth === perLine - 1 ? 0 : 1;
        const label = clip(name, width - value.length - 1 - gap);
        const pad = gap * (width - label.length - value.length - 1);
        return [
          span(`${label} `, 'quiet'),
          span(value, isBad ? 'bad' : 'strong'),
          span(' '.repeat(Math.max(gap, pad))),
        ];
      }),
    );
  }
  return [...lines, []];
}

function sparkLines({ points, cohorts }: LiveState, columns: number): Span[][] {
  if (points.length < 2) return [];
  const width = Math.max(4, Math.min(120, columns - NAME_COLUMNS - TAIL_COLUMNS));
  const line = (name: string, values: readonly (number | null)[], write: (value: number) => string) => {
    const highest = values.slice(-width).reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
    return [
      span(name.padEnd(NAME_COLUMNS), 'quiet'),
      span(renderSparkline(values, width), 'accent'),
      span(highest > 0 ? ` max ${write(highest)}` : '', 'quiet'),
    ];
  };
  const rates = points.map(({ deliveriesPerSecond }) => deliveriesPerSecond);
  const latencies = points.map(({ p99Micros }) => p99Micros);
  const isMeasured = cohorts.some(({ latency }) => latency !== null);
  return [
    line('delivered/s', rates, renderShort),
    ...(isMeasured ? [line('p99 by second', latencies, renderMicros)] : []),
    [],
  ];
}

function tableLines(all: Rows, columns: number, room: number, what: string): Span[][] {
  // The columns at the end go first where the terminal is narrow.
  let shownColumns = all.head.length;
  const widths = all.head.map((head, at) =>
    Math.max(head.length, ...all.rows.map((row) => (row[at] ?? '').length)),
  );
  const widthOf = (count: number) => widths.slice(0, count).reduce((sum, width) => sum + width + 2, -2);
  while (shownColumns > 2 && widthOf(shownColumns) > columns) shownColumns--;
  const line = (cells: readonly string[], look: 'plain' | 'quiet') =>
    cells.slice(0, shownColumns).map((cell, at) => {
      const width = widths[at] ?? 0;
      return span(at === 0 ? cell.padEnd(width) : `  ${cell.padStart(width)}`, look);
    });
  const lines = [line(all.head, 'quiet'), ...all.rows.map((row) => line(row, 'plain'))];
  if (lines.length <= room) return lines;
  const kept = Math.max(0, room - 1);
  const left = all.rows.length - Math.max(0, kept - 1);
  return room < 3 ? [] : [...lines.slice(0, kept), [span(`and ${left} ${what} more`, 'quiet')]];
}

function clip(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}
