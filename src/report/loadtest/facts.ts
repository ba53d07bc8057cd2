// What every load-test report says, as rows of text: one place decides the numbers and their rendering, so that the
// terminal, Markdown and any later report agree.

import type { Eviction, LoadtestResult } from '../../load/result/result.ts';
import { renderDurationMillis, renderDurationRange, renderMicros } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { renderBytes } from '../../units/size.ts';
import { anatomyLines } from '../anatomy/anatomy-lines.ts';
import { typicalEvictions } from '../anatomy/evicted-client.ts';
import { groupBy } from '../format/group-by.ts';
import type { Rows } from '../format/rows.ts';
import { rateWords, stagesWords, workerWords } from '../plan-words.ts';
import { agentLines } from './agents/agent-rows.ts';
import { addressLines } from './connections/address-lines.ts';
import { compressionLines } from './connections/compression-lines.ts';
import { handshakeLines } from './connections/handshake-lines.ts';
import { tlsLines } from './connections/tls-lines.ts';
import { evictedClients } from './evicted-clients.ts';
import { ledgerLine } from './ledger-line.ts';
import { hubLines, targetLines } from './targets/target-rows.ts';
import { verdictReason } from './verdict/verdict-reason.ts';

export const VERDICT_WORDS: Readonly<Record<LoadtestResult['verdict'], string>> = {
  passed: 'PASSED',
  failed: 'FAILED',
  inconclusive: 'INCONCLUSIVE',
};

export const VERDICT_CLASS: Readonly<Record<LoadtestResult['verdict'], 'pass' | 'fail' | 'warn'>> = {
  passed: 'pass',
  failed: 'fail',
  inconclusive: 'warn',
};

export function verdictLine(result: LoadtestResult): string {
  const reason = verdictReason(result);
  return `${VERDICT_WORDS[result.verdict]}${reason === '' ? '' : `: ${reason}`}`;
}

/** Those that did not pass first. */
export function sortedThresholds({ thresholds }: LoadtestResult): LoadtestResult['thresholds'] {
  const rank = ({ ok, isDecided }: LoadtestResult['thresholds'][number]) => (ok ? 2 : isDecided ? 0 : 1);
  return [...thresholds].sort((a, b) => rank(a) - rank(b));
}

/** What was not observed did not hold either. */
function markOf({ ok, isDecided, observed }: LoadtestResult['thresholds'][number]): string {
  if (ok) return observed === null ? '-' : 'ok';
  return isDecided ? 'FAIL' : '?';
}

export function thresholdRows(result: LoadtestResult): Rows {
  return {
    head: ['', 'threshold', 'observed'],
    rows: sortedThresholds(result).map((one) => [markOf(one), one.expr, one.rendered]),
  };
}

export function cohortRows({ cohorts }: LoadtestResult): Rows {
  const isUnaccounted = cohorts.some(({ unaccounted }) => unaccounted !== undefined);
  const counts = ['received', 'lost', ...(isUnaccounted ? ['unaccounted'] : [])];
  return {
    head: ['cohort', 'clients', 'open', 'evicted', 'left', ...counts, 'p50', 'p99', 'max'],
    rows: cohorts.map((cohort) => {
      const latency = (micros: number) => (cohort.latencyMicros.count === 0 ? '-' : renderMicros(micros));
      const { p50, p99, max } = cohort.latencyMicros;
      return [
        cohort.name,
        clientsOf(cohort),
        renderCount(cohort.open),
        renderCount(cohort.evicted),
        renderCount(cohort.left),
        renderCount(cohort.received),
        renderCount(cohort.lost),
        ...(isUnaccounted ? [renderCount(cohort.unaccounted ?? 0)] : []),
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

/** For each cohort from an eviction until the hub closed the socket, while its client did not read. */
function releaseLines({ evictions }: LoadtestResult): string[] {
  const stalled = evictions.filter(({ stalledAtMillis }) => stalledAtMillis !== null);
  return [...groupBy(stalled, ({ cohort }) => cohort)].map(
    ([cohort, group]) => `from eviction to closed socket (${cohort}): ${renderReleased(group)}`,
  );
}

function renderReleased(group: readonly Eviction[]): string {
  const seen = group.flatMap(({ released }) => (released ? [released] : []));
  if (seen.length === 0) return 'not observed';
  const least = Math.min(...seen.map(({ leastMillis }) => leastMillis));
  const most = Math.max(...seen.map(({ mostMillis }) => mostMillis ?? Number.POSITIVE_INFINITY));
  return renderDurationRange(least, Number.isFinite(most) ? most : null);
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

/** Two lines for each cohort of stalled clients: the story of its typical eviction, and where its messages were. */
export function anatomyLinesOf(result: LoadtestResult): string[] {
  return typicalEvictions(evictedClients(result)).flatMap((eviction) => anatomyLines(eviction, false));
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
  const { throughput, generator, lateness } = result;
  return [
    `ledger: ${ledgerLine(result)}`,
    `throughput: ${throughput.publishedPerSecond} events/s published, ${renderCount(throughput.deliveriesPerSecond)} deliveries/s`,
    ...publishingLines(result),
    ...tlsLines(result),
    ...addressLines(result),
    ...compressionLines(result),
    ...handshakeLines(result),
    ...targetLines(result),
    ...agentLines(result),
    ...releaseLines(result),
    `isolation: ${isolationLine(result)}`,
    `origin rule: ${originLine(result)}`,
    `generator: ${generator.cpuSeconds.toFixed(1)} CPU s${workerWords(result.plan)}, event-loop delay p99 ${renderMicros(generator.eventLoopDelayMicros.p99)}, sends late by p99 ${lateness.count === 0 ? '-' : renderMicros(lateness.p99)}${generator.limited ? '; OVERLOADED' : ''}${readingOf(generator)}`,
    ...hubLines(result),
  ];
}

/** How the workers read fast clients; all do it in the same way unless the system refused one of them a ring. */
function readingOf({ workers }: LoadtestResult['generator']): string {
  const readings = workers.flatMap(({ reading }) => reading ?? []);
  const byNode = readings.find(({ backend }) => backend === 'net');
  if (byNode?.reason !== undefined) return `; reads without a ring: ${byNode.reason}`;
  return readings.length > 0 && byNode === undefined ? '; reads through io_uring' : '';
}

/** What became of the events, and how long the hub took to answer; nothing where it was not kept. */
export function publishingLines({ publishing }: LoadtestResult): string[] {
  if (!publishing || publishing.requests === 0) return [];
  const { accepted, refused, unanswered, byAgents, latencyMicros, longest } = publishing;
  // The longest one may have waited for a fault to end; then the next one is named elsewhere.
  const isLongest = longest !== null && longest.latencyMicros >= latencyMicros.max * 0.99;
  const event = isLongest ? ` (event ${longest.sequence})` : '';
  return [
    `publishing: ${renderCount(accepted)} events accepted${byAgents === undefined ? '' : ` (${renderCount(byAgents)} published by agents)`}, ${renderCount(refused)} refused, ${renderCount(unanswered)} unanswered; the hub answered within p50 ${renderMicros(latencyMicros.p50)}, p99 ${renderMicros(latencyMicros.p99)}, longest ${renderMicros(latencyMicros.max)}${event}`,
  ];
}

/** How much slow clients slow the fast ones. */
export function isolationLine({ isolation, cohorts }: LoadtestResult): string {
  const { ratio, baselineP99Micros, loadedP99Micros } = isolation;
  const micros = (value: number | null) => (value === null ? '-' : renderMicros(value));
  if (ratio !== null)
    return `${ratio.toFixed(2)}x (fast p99 ${micros(baselineP99Micros)} without slow clients, ${micros(loadedP99Micros)} with)`;
  const hasSlow = cohorts.some(({ behaviour }) => behaviour !== 'fast');
  return hasSlow
    ? 'not measured: needs 3 s without slow clients and 3 s with them, in which measured events arrive'
    : 'not measured: the plan has no slow clients';
}

export function originLine({ origin }: LoadtestResult): string {
  if (origin.length === 0) return 'not judged: the first client was not let in';
  const wrong = origin.filter(({ ok }) => !ok);
  const words = wrong.map(
    (one) => `${one.origin ?? 'no Origin'} (${one.status ?? 'no answer'}, expected ${one.expected})`,
  );
  const judged = `${origin.length - wrong.length} of ${origin.length} origins handled as the protocol requires`;
  return wrong.length === 0 ? judged : `${judged}; wrong: ${words.join(', ')}`;
}

export function planLine({ plan }: LoadtestResult): string {
  return `${plan.scenarios.join(', ')} at ${rateWords(plan)} for ${plan.durationMs / 1e3} s${stagesWords(plan)}`;
}

/** Those that connected, and where that is not all, of how many. */
function clientsOf({ connected, clients }: LoadtestResult['cohorts'][number]): string {
  return connected < clients
    ? `${renderCount(connected)} of ${renderCount(clients)}`
    : renderCount(connected);
}
