// What every load-test report says, as rows of text: one place decides the numbers and their rendering, so that the
// terminal, Markdown and any later report agree.

import type { Eviction, LoadtestResult } from '../../load/result/result.ts';
import { renderDurationMillis, renderMicros } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { renderBytes } from '../../units/size.ts';
import { describeAnatomy } from '../anatomy/anatomy-text.ts';
import { typicalEvictions } from '../anatomy/typical-eviction.ts';
import { groupBy } from '../format/group-by.ts';

export interface Rows {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const VERDICT_SENTENCES: Readonly<Record<LoadtestResult['verdict'], string>> = {
  passed: 'PASSED',
  failed: 'FAILED',
  inconclusive: 'INCONCLUSIVE',
};

export function verdictLine(result: LoadtestResult): string {
  const reason = reasonOf(result);
  const errors = result.findings.filter(({ severity }) => severity === 'error').length;
  const breached = result.thresholds.filter(({ ok }) => !ok).length;
  const counts =
    result.verdict === 'failed' && !result.hasTargetFailed
      ? ` (${countOf(errors, 'finding')}, ${countOf(breached, 'threshold')} breached)`
      : '';
  return `${VERDICT_SENTENCES[result.verdict]}${counts}${reason ? `: ${reason}` : ''}${result.partial ? ' [partial]' : ''}`;
}

/** Why the run ended early, or is inconclusive. */
function reasonOf(result: LoadtestResult): string | undefined {
  const { stoppedBecause, hasTargetFailed, generator, ledger, verdict } = result;
  if (hasTargetFailed) return `the hub went away: ${stoppedBecause}`;
  if (stoppedBecause !== undefined) return stoppedBecause;
  if (generator.limited) return `generator-limited: ${generator.reasons[0]}`;
  if (verdict !== 'inconclusive') return undefined;
  return ledger.published === 0 ? 'no event was published' : 'no client received an event';
}

const countOf = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

export function thresholdRows({ thresholds }: LoadtestResult): Rows {
  return {
    head: ['', 'threshold', 'observed'],
    rows: thresholds.map(({ ok, isDecided, expr, rendered }) => [
      ok ? 'ok' : isDecided ? 'FAIL' : '?',
      expr,
      rendered,
    ]),
  };
}

export function cohortRows({ cohorts }: LoadtestResult): Rows {
  return {
    head: ['cohort', 'clients', 'open', 'evicted', 'left', 'received', 'lost', 'p50', 'p99', 'max'],
    rows: cohorts.map((cohort) => {
      const latency = (micros: number) => (cohort.latencyMicros.count === 0 ? '-' : renderMicros(micros));
      const { p50, p99, max } = cohort.latencyMicros;
      return [
        cohort.name,
        renderCount(cohort.connected),
        renderCount(cohort.open),
        renderCount(cohort.evicted),
        renderCount(cohort.left),
        renderCount(cohort.received),
        renderCount(cohort.lost),
        latency(p50),
        latency(p99),
        latency(max),
      ];
    }),
  };
}

/** Evictions of a cohort that ended alike, together. */
export function evictionRows({ evictions }: LoadtestResult): Rows {
  const groups = groupBy(evictions, ({ cohort, how }) => `${cohort}\n${how}`);
  return {
    head: ['cohort', 'ended by', 'clients', 'messages got', 'bytes got', 'stall to end'],
    rows: [...groups.values()].map((group) => [
      group[0]?.cohort ?? '',
      group[0]?.how ?? '',
      renderCount(group.length),
      range(
        group.map(({ messages }) => messages),
        renderCount,
      ),
      range(
        group.map(({ bytes }) => bytes),
        renderBytes,
      ),
      range(group.flatMap(stallMillis), renderDurationMillis),
    ]),
  };
}

function stallMillis({ stalledAtMillis, endedAtMillis }: Eviction): number[] {
  return stalledAtMillis === null || endedAtMillis === null ? [] : [endedAtMillis - stalledAtMillis];
}

function range(values: readonly number[], render: (value: number) => string): string {
  if (values.length === 0) return '-';
  const [least, most] = [
    render(values.reduce((a, b) => Math.min(a, b))),
    render(values.reduce((a, b) => Math.max(a, b))),
  ];
  return least === most ? least : `${least} to ${most}`;
}

/** Two lines for each cohort of stalled clients: the story of the one in the middle, and where its messages were. */
export function anatomyLines({ evictions }: LoadtestResult): string[] {
  return typicalEvictions(evictions).flatMap(
    ({ cohort, client, stalledAtMillis, stalledAfterMessages, anatomy }) => {
      if (stalledAtMillis === null) return [];
      const who = `${cohort}, client ${client}`;
      return describeAnatomy({ who, stalledAtMillis, readMessages: stalledAfterMessages, anatomy, how: '' });
    },
  );
}

export function httpRows({ http }: LoadtestResult): Rows {
  return {
    head: ['HTTP path', 'expected', 'requests', 'per second', 'p99', 'errors', 'other answers'],
    rows: http.map((one) => [
      one.path,
      String(one.expectedStatus),
      renderCount(one.requests),
      renderCount(one.requestsPerSecond),
      renderDurationMillis(one.p99Millis),
      renderCount(one.errors),
      renderCount(one.unexpectedStatuses),
    ]),
  };
}

/** The figures of the run, one sentence each. */
export function figureLines(result: LoadtestResult): string[] {
  const { ledger, throughput, isolation, generator, hub, lateness, origin } = result;
  const ratio =
    isolation.ratio === null ? 'not measured (needs 3 s of each)' : `${isolation.ratio.toFixed(2)}x`;
  const micros = (value: number | null) => (value === null ? '-' : renderMicros(value));
  return [
    `ledger: ${renderCount(ledger.expected)} deliveries expected = ${renderCount(ledger.received)} received + ${renderCount(ledger.evictedTail)} tails of evicted clients + ${renderCount(ledger.leftTail)} of clients that left + ${renderCount(ledger.lost)} lost; ${ledger.balanced ? 'balanced' : 'NOT BALANCED'}`,
    `throughput: ${throughput.publishedPerSecond} events/s published, ${renderCount(throughput.deliveriesPerSecond)} deliveries/s`,
    `isolation: ${ratio} (fast p99 ${micros(isolation.baselineP99Micros)} without slow clients, ${micros(isolation.loadedP99Micros)} with)`,
    `origin rule: ${origin.filter(({ ok }) => ok).length} of ${origin.length} origins judged as the protocol says`,
    `generator: ${generator.cpuSeconds.toFixed(1)} CPU s, event-loop delay p99 ${renderMicros(generator.eventLoopDelayMicros.p99)}, sends late by p99 ${lateness.count === 0 ? '-' : renderMicros(lateness.p99)}${generator.limited ? '; LIMITED' : ''}`,
    ...(hub
      ? [
          `hub: ${hub.cpuSeconds.toFixed(1)} CPU s, ${renderBytes(hub.rssBytes)} resident, ${hub.descriptors} descriptors`,
        ]
      : []),
  ];
}

export function findingLines({ findings }: LoadtestResult): string[] {
  return findings.map(
    ({ name, severity, cohort, message }) =>
      `${severity === 'error' ? 'ERROR' : 'warning'} ${name}${cohort ? ` (${cohort})` : ''}: ${message}`,
  );
}
