// Live numbers while a load test runs: redrawn in place on a terminal, a plain line every few seconds elsewhere.
import type { ProgressView } from '../../load/run-options.ts';
import { renderDurationMillis } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';

const REDRAW_INTERVAL_MILLIS = 200;
const LINE_INTERVAL_MILLIS = 3_000;

export interface Progress {
  show(view: ProgressView): void;
  /** Leaves the terminal as a reader expects it. */
  end(): void;
}

export interface ProgressOutput {
  write(text: string): void;
  readonly isTerminal: boolean;
  readonly columns: number;
}

export function createProgress(output: ProgressOutput, isWanted: boolean): Progress {
  if (!isWanted) return { show() {}, end() {} };
  let lastMillis = Number.NEGATIVE_INFINITY;
  let lastPhase = '';
  let lastDeliveries = 0;
  let isLineOpen = false;
  return {
    show(view) {
      const interval = output.isTerminal ? REDRAW_INTERVAL_MILLIS : LINE_INTERVAL_MILLIS;
      const sinceMillis = view.elapsedMillis - lastMillis;
      if (sinceMillis < interval && (output.isTerminal || view.phase === lastPhase)) return;
      const deliveries = view.cohorts.reduce((total, cohort) => total + cohort.deliveries, 0);
      const perSecond =
        Number.isFinite(sinceMillis) && sinceMillis > 0
          ? ((deliveries - lastDeliveries) / sinceMillis) * 1e3
          : 0;
      [lastMillis, lastPhase, lastDeliveries] = [view.elapsedMillis, view.phase, deliveries];
      const line = renderLine(view, perSecond);
      if (output.isTerminal) output.write(`\r\u001b[2K${line.slice(0, Math.max(20, output.columns - 1))}`);
      else output.write(`${line}\n`);
      isLineOpen = output.isTerminal;
    },
    end() {
      if (isLineOpen) output.write('\n');
    },
  };
}

function renderLine(
  { phase, elapsedMillis, publishedEvents, cohorts }: ProgressView,
  deliveriesPerSecond: number,
): string {
  const total = (key: 'open' | 'evicted') => cohorts.reduce((sum, cohort) => sum + cohort[key], 0);
  return [
    renderDurationMillis(elapsedMillis).padStart(7),
    phase.padEnd(12),
    `${renderCount(total('open'))} connected`,
    `${renderCount(publishedEvents)} events`,
    `${renderCount(Math.max(0, deliveriesPerSecond))} deliveries/s`,
    `${renderCount(total('evicted'))} evicted`,
  ].join('  ');
}
