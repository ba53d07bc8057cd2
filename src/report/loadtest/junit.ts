// A load test as JUnit XML: a suite of thresholds, a suite of what else a run judges, and the figures as properties.
import type { Finding, LoadtestResult } from '../../load/result/result.ts';
import { escapeXml } from '../format/xml-text.ts';
import { verdictLine } from './facts.ts';

interface Case {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'error' | 'warned';
  readonly message: string;
}

export function renderLoadtestJunit(result: LoadtestResult): string {
  const suites: readonly (readonly [name: string, cases: readonly Case[]])[] = [
    ['run', [runCase(result)]],
    ['thresholds', result.thresholds.map(thresholdCase)],
    ['findings', namesOf(result.findings).map((name) => findingCase(name, result.findings))],
  ];
  const seconds = (result.durationMillis / 1e3).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="norn-loadtest" ${counts(suites.flatMap(([, cases]) => cases))} time="${seconds}">`,
    ...suites.map(([name, cases]) => renderSuite(result, name, cases)),
    '</testsuites>',
    '',
  ].join('\n');
}

/** Whether anything could be judged at all; what was judged is told by the other suites. */
function runCase(result: LoadtestResult): Case {
  const { verdict } = result;
  const outcome = verdict === 'held' ? 'passed' : verdict === 'failed' ? 'failed' : 'error';
  return { name: 'verdict', outcome, message: verdictLine(result) };
}

function thresholdCase({ expr, ok, isDecided, rendered }: LoadtestResult['thresholds'][number]): Case {
  const message = `observed ${rendered}`;
  return { name: expr, outcome: ok ? 'passed' : isDecided ? 'failed' : 'error', message };
}

/** Each once; a run without findings has none of these cases. */
const namesOf = (findings: readonly Finding[]) => [...new Set(findings.map(({ name }) => name))];

function findingCase(name: Finding['name'], findings: readonly Finding[]): Case {
  const found = findings.filter((finding) => finding.name === name);
  const message = found
    .map(({ cohort, message }) => (cohort === undefined ? message : `${cohort}: ${message}`))
    .join('\n');
  const isError = found.some(({ severity }) => severity === 'error');
  return { name, outcome: isError ? 'failed' : found.length > 0 ? 'warned' : 'passed', message };
}

function renderSuite(result: LoadtestResult, name: string, cases: readonly Case[]): string {
  const timestamp = result.startedAt.replace(/\.\d+Z$/, '');
  return [
    `  <testsuite name="${name}" ${counts(cases)} time="0" timestamp="${timestamp}" hostname="localhost">`,
    ...(name === 'run' ? [renderProperties(result)] : []),
    ...cases.map((one) => renderCase(name, one)),
    '  </testsuite>',
  ].join('\n');
}

function renderCase(suite: string, { name, outcome, message }: Case): string {
  const open = `    <testcase name="${escapeXml(name)}" classname="norn-loadtest.${suite}" time="0"`;
  const text = escapeXml(message);
  if (outcome === 'passed') return `${open}/>`;
  if (outcome === 'warned') return `${open}><system-out>warning: ${text}</system-out></testcase>`;
  const tag = outcome === 'failed' ? 'failure' : 'error';
  return `${open}><${tag} message="${text}" type="${suite}"/></testcase>`;
}

/** The figures as they are in loadtest.json, in its units. */
function renderProperties({ throughput, ledger, cohorts, generator, command }: LoadtestResult): string {
  const properties: readonly (readonly [name: string, value: string | number])[] = [
    ['throughput.publishedPerSecond', throughput.publishedPerSecond],
    ['throughput.deliveriesPerSecond', throughput.deliveriesPerSecond],
    ['ledger.expected', ledger.expected],
    ['ledger.received', ledger.received],
    ['ledger.lost', ledger.lost],
    ['generator.limited', String(generator.limited)],
    ...cohorts.flatMap(({ name, evicted, latencyMicros }) => [
      [`cohorts.${name}.evicted`, evicted] as const,
      [`cohorts.${name}.latencyMicros.p50`, latencyMicros.p50] as const,
      [`cohorts.${name}.latencyMicros.p99`, latencyMicros.p99] as const,
    ]),
    ...(command === undefined ? [] : [['command', command] as const]),
  ];
  const lines = properties.map(
    ([name, value]) => `      <property name="${escapeXml(name)}" value="${escapeXml(String(value))}"/>`,
  );
  return ['    <properties>', ...lines, '    </properties>'].join('\n');
}

function counts(cases: readonly Case[]): string {
  const count = (wanted: Case['outcome']) => cases.filter(({ outcome }) => outcome === wanted).length;
  return `tests="${cases.length}" failures="${count('failed')}" errors="${count('error')}" skipped="0"`;
}
