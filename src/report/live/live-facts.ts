// What a running load test says in words and numbers for people: the terminal and the page write the same.
import { renderDurationMillis, renderMicros } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import type { Rows } from '../format/rows.ts';
import { describeAgents } from './live-agents.ts';
import type { LiveCohort, LivePhase, LiveState } from './live-run.ts';

export interface Figure {
  readonly name: string;
  readonly value: string;
  /** Something that a person should look at. */
  readonly isBad?: boolean;
}

/** The driver is late when more than this of its sends were: latencies then count its own delay. */
const LATE_MICROS = 50_000;

export function figuresOf(state: LiveState): readonly Figure[] {
  const { cohorts, latenessMicros } = state;
  const last = state.points.at(-1);
  const shown = shownCohort(state);
  const name = cohorts.length > 1 && shown ? ` ${shown.name}` : '';
  const latency = shown?.latency ?? null;
  return [
    { name: 'connected', value: renderCount(total(cohorts, 'open')) },
    { name: 'events', value: renderShort(state.publishedEvents) },
    { name: 'events/s', value: renderShort(last?.eventsPerSecond ?? 0) },
    { name: 'delivered/s', value: renderShort(last?.deliveriesPerSecond ?? 0) },
    { name: `p50${name}`, value: latency ? renderMicros(latency.p50Micros) : '-' },
    { name: `p99${name}`, value: latency ? renderMicros(latency.p99Micros) : '-' },
    { name: 'evicted', value: renderCount(total(cohorts, 'evicted')) },
    {
      name: 'lateness p99',
      value: latenessMicros ? renderMicros(latenessMicros.p99) : '-',
      isBad: (latenessMicros?.p99 ?? 0) > LATE_MICROS,
    },
  ];
}

/** `12,345`, from a million on `1.23M`: no longer than 7 characters. */
export function renderShort(count: number): string {
  if (count < 999_999.5) return renderCount(count);
  const millions = count / 1e6;
  return millions < 999.5 ? `${millions.toPrecision(3)}M` : `${(millions / 1e3).toPrecision(3)}G`;
}

/** `1:05`, `1:01:05`: since the start of the run. */
export function renderElapsed(millis: number): string {
  const seconds = Math.floor(millis / 1e3);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** The cohort whose latency stands for the run: the first that has any. */
function shownCohort({ cohorts }: LiveState): LiveCohort | undefined {
  return cohorts.find(({ latency }) => latency !== null) ?? cohorts[0];
}

export function cohortRowsLive({ cohorts }: LiveState): Rows {
  return {
    head: ['cohort', 'connected', 'evicted', 'p50', 'p99', 'deliveries'],
    rows: cohorts.map(({ name, clients, open, evicted, deliveries, latency }) => [
      name,
      `${renderCount(open)}/${renderCount(clients)}`,
      renderCount(evicted),
      latency ? renderMicros(latency.p50Micros) : '-',
      latency ? renderMicros(latency.p99Micros) : '-',
      renderCount(deliveries),
    ]),
  };
}

/** `57 %`, `done`, or nothing for what is ahead and for what takes as long as it takes. */
export function phaseWord({ state, share }: LivePhase): string {
  if (state === 'done') return 'done';
  return share === null ? '' : `${Math.floor(share * 100)} %`;
}

export function phaseTime({ state, millis }: LivePhase): string {
  if (state === 'ahead') return '';
  return millis < 60_000 ? `${(millis / 1e3).toFixed(1)} s` : renderDurationMillis(millis);
}

/** `restart; 312 clients away`; undefined where nothing is to be said. A fault that is over stays in view for a moment. */
export function faultFigure({ faults, cohorts }: LiveState): Figure | undefined {
  const away = total(cohorts, 'away');
  const words = [
    ...faults.map(({ fault, isOn }) => (isOn ? fault : `${fault} (over)`)),
    ...(away > 0 ? [`${renderCount(away)} clients away`] : []),
  ];
  if (words.length === 0) return undefined;
  return { name: faults.length > 0 ? 'fault' : 'returning', value: words.join('; '), isBad: true };
}

/** One line that stands by itself, for logs. */
export function liveLine(state: LiveState): string {
  const phase = state.phases.find((one) => one.state === 'running')?.name ?? '';
  const figures = figuresOf(state).filter(({ value }) => value !== '-');
  const fault = faultFigure(state);
  return [
    renderElapsed(state.elapsedMillis).padStart(7),
    phase.padEnd(12),
    ...figures.map(({ name, value }) => (name.includes('/s') ? `${value} ${name}` : `${name} ${value}`)),
    ...(state.agents.length === 0 ? [] : [`agents ${describeAgents(state)}`]),
    ...(fault === undefined ? [] : [`${fault.name}: ${fault.value}`]),
  ].join('  ');
}

function total(cohorts: readonly LiveCohort[], key: 'open' | 'evicted' | 'away'): number {
  return cohorts.reduce((sum, cohort) => sum + cohort[key], 0);
}
