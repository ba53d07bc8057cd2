// A load test as JUnit XML: a suite for the verdict, one for thresholds and one for findings, and the figures of the
// run as properties.
import type { AgentResult } from '../../load/result/agents/fold-agents.ts';
import type { FaultResult } from '../../load/result/faults/fault-result.ts';
import type { Finding, LoadtestResult } from '../../load/result/result.ts';
import { groupBy } from '../format/group-by.ts';
import { type JunitCase, type JunitOutcome, type JunitSuite, renderJunit } from '../format/junit.ts';
import { targetProperties } from '../target-words.ts';
import { verdictLine } from './facts.ts';

/** Described as properties, so that they do not bury the others. */
const MOST_FAULTS = 20;

export function renderLoadtestJunit(result: LoadtestResult): string {
  const { findings, thresholds, startedAt } = result;
  const byName = groupBy(findings, ({ name }) => name);
  const suites: readonly JunitSuite[] = [
    { name: 'run', startedAt, properties: propertiesOf(result), cases: [runCase(result)] },
    { name: 'thresholds', startedAt, cases: thresholds.map(thresholdCase) },
    { name: 'findings', startedAt, cases: [...byName].map(([name, found]) => findingCase(name, found)) },
  ];
  return renderJunit('norn-loadtest', result.durationMs / 1e3, suites);
}

/** Whether anything could be judged at all; the other suites show what was judged. */
function runCase(result: LoadtestResult): JunitCase {
  const { verdict, hasTargetFailed } = result;
  const kind = verdict === 'inconclusive' || hasTargetFailed ? 'error' : verdict;
  return caseOf('run', 'verdict', describeOutcome(kind, 'run', verdictLine(result)));
}

function thresholdCase({ expr, ok, isDecided, rendered }: LoadtestResult['thresholds'][number]): JunitCase {
  const kind = ok ? 'passed' : isDecided ? 'failed' : 'error';
  return caseOf('thresholds', expr, describeOutcome(kind, 'thresholds', `observed ${rendered}`));
}

function findingCase(name: string, found: readonly Finding[]): JunitCase {
  const message = found
    .map(({ cohort, message, followsFrom }) =>
      [
        cohort === undefined ? '' : `${cohort}: `,
        message,
        followsFrom === undefined ? '' : ` (follows from ${followsFrom})`,
      ].join(''),
    )
    .join('\n');
  const isError = found.some(({ severity }) => severity === 'error');
  return caseOf(
    'findings',
    name,
    isError ? describeOutcome('failed', 'findings', message) : { kind: 'warned', text: message },
  );
}

function caseOf(suite: string, name: string, outcome: JunitOutcome): JunitCase {
  return { name, className: `norn-loadtest.${suite}`, outcome };
}

function describeOutcome(kind: 'passed' | 'failed' | 'error', type: string, message: string): JunitOutcome {
  return kind === 'passed' ? { kind } : { kind, type, message };
}

function faultProperties(result: FaultResult): NonNullable<JunitSuite['properties']> {
  const { number, fault, atMillis, dropped, returned, refusedMillis, attempts, missed } = result;
  const { firstEventMillis, settledMillis } = result;
  const known = (name: string, value: number | null | undefined) =>
    value === null || value === undefined ? [] : [[`faults.${number}.${name}`, value] as const];
  return [
    [`faults.${number}.fault`, fault],
    ...known('atMillis', atMillis),
    ...known('dropped', dropped),
    ...known('returned', returned),
    ...known('refusedMillis', refusedMillis),
    ...known('firstEventMillis.p50', firstEventMillis?.p50),
    ...known('firstEventMillis.p99', firstEventMillis?.p99),
    ...known('attempts.peakPerSecond', attempts.peakPerSecond),
    ...known('attempts.failed', attempts.failed),
    ...known('missed.max', missed.max),
    ...known('settledMillis', settledMillis),
  ];
}

function agentProperties(agent: AgentResult): NonNullable<JunitSuite['properties']> {
  const { name, clients, received, lost, unaccounted, clockErrorMicros, eventLoopDelayMicros } = agent;
  const { lostBecause } = agent;
  return [
    [`agents.${name}.clients`, clients],
    [`agents.${name}.received`, received],
    [`agents.${name}.lost`, lost],
    ...(unaccounted === undefined ? [] : [[`agents.${name}.unaccounted`, unaccounted] as const]),
    [`agents.${name}.clockErrorMicros`, clockErrorMicros],
    [`agents.${name}.eventLoopDelayMicros.p99`, eventLoopDelayMicros.p99],
    ...(lostBecause === undefined ? [] : [[`agents.${name}.lostBecause`, lostBecause] as const]),
  ];
}

/** The figures as they are in loadtest.json, in its units. */
function propertiesOf({
  throughput,
  ledger,
  cohorts,
  generator,
  command,
  target,
  addresses = [],
  targets = [],
  agents = [],
  startSpreadMicros,
  faults = [],
}: LoadtestResult): NonNullable<JunitSuite['properties']> {
  return [
    ...targetProperties(target),
    ['throughput.publishedPerSecond', throughput.publishedPerSecond],
    ['throughput.deliveriesPerSecond', throughput.deliveriesPerSecond],
    ['ledger.expected', ledger.expected],
    ['ledger.received', ledger.received],
    ['ledger.lost', ledger.lost],
    ...(ledger.unaccounted === undefined ? [] : [['ledger.unaccounted', ledger.unaccounted] as const]),
    ['generator.limited', String(generator.limited)],
    ...addresses.map(({ address, clients }) => [`addresses.${address}.clients`, clients] as const),
    ...targets.flatMap(({ target, url, lost, latencyMicros, skewMicros }) => [
      [`targets.${target}.url`, url] as const,
      [`targets.${target}.lost`, lost] as const,
      [`targets.${target}.latencyMicros.p50`, latencyMicros.p50] as const,
      [`targets.${target}.latencyMicros.p99`, latencyMicros.p99] as const,
      [`targets.${target}.skewMicros.p99`, skewMicros.p99] as const,
    ]),
    ...(startSpreadMicros === undefined ? [] : [['startSpreadMicros', startSpreadMicros] as const]),
    ...agents.flatMap(agentProperties),
    ...faults.slice(0, MOST_FAULTS).flatMap(faultProperties),
    ...cohorts.flatMap(({ name, evicted, latencyMicros }) => [
      [`cohorts.${name}.evicted`, evicted] as const,
      [`cohorts.${name}.latencyMicros.p50`, latencyMicros.p50] as const,
      [`cohorts.${name}.latencyMicros.p99`, latencyMicros.p99] as const,
    ]),
    ...(command === undefined ? [] : [['command', command] as const]),
  ];
}
