// JUnit XML as CI systems read it: a suite for each chapter, a case for each check, and the verdict as a child of it.
import type { CheckResult, ConformanceResult } from '../../conformance/result.ts';
import { escapeXml } from '../format/xml-text.ts';
import { reasonLines, rerunCommand, wireLine } from './facts.ts';

export function renderConformanceJunit(result: ConformanceResult): string {
  const chapters = [...new Set(result.checks.map(({ chapter }) => chapter))];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="norn-conformance" ${counts(result.checks, result)} time="${seconds(result.durationMs)}">`,
    ...chapters.map((chapter) => renderSuite(result, chapter)),
    renderStale(result),
    '</testsuites>',
    '',
  ]
    .filter((line, at, all) => line !== '' || at === all.length - 1)
    .join('\n');
}

function renderSuite(result: ConformanceResult, chapter: string): string {
  const checks = result.checks.filter((check) => check.chapter === chapter);
  const time = seconds(checks.reduce((sum, { durationMs }) => sum + durationMs, 0));
  return [
    `  <testsuite name="${chapter}" ${counts(checks, result)} time="${time}" timestamp="${result.startedAt.replace(/\.\d+Z$/, '')}" hostname="localhost">`,
    ...checks.map((check) => renderCase(result, check)),
    '  </testsuite>',
  ].join('\n');
}

function renderCase(result: ConformanceResult, check: CheckResult): string {
  const attributes = `name="${check.id}" classname="norn-conformance.${check.chapter}" time="${seconds(check.durationMs)}"`;
  const children = renderOutcome(result, check);
  return children === ''
    ? `    <testcase ${attributes}/>`
    : `    <testcase ${attributes}>${children}</testcase>`;
}

function renderOutcome(result: ConformanceResult, check: CheckResult): string {
  const { verdict, knownFailing, reason = '', expected, got = '' } = check;
  if (verdict === 'skip') return `<skipped message="${escapeXml(reason)}"/>`;
  if (verdict === 'error')
    return `<error message="${escapeXml(reason)}" type="undecided">${details(result, check)}</error>`;
  if (verdict === 'pass') return '';
  const message = escapeXml(expected === undefined ? got : `expected: ${expected}; got: ${got}`);
  if (knownFailing !== undefined)
    return `<skipped message="${escapeXml(`known failing: ${knownFailing}`)}"/>`;
  if (isFailure(check, result))
    return `<failure message="${message}" type="${check.level}">${details(result, check)}</failure>`;
  return `<system-out>${escapeXml('warning: ')}${details(result, check)}</system-out>`;
}

function details(result: ConformanceResult, check: CheckResult): string {
  const lines = [
    check.title,
    `${check.clause.source}: ${check.clause.quote}`,
    ...reasonLines(check),
    ...check.evidence,
    ...check.wire.map(wireLine),
    `again: ${rerunCommand(result, check)}`,
  ];
  return escapeXml(lines.join('\n'));
}

/** A list that is not true any more fails the run, so it is a failed case of its own. */
function renderStale({ staleKnownFailing }: ConformanceResult): string {
  if (staleKnownFailing.length === 0) return '';
  const count = staleKnownFailing.length;
  const cases = staleKnownFailing.map(
    (id) =>
      `    <testcase name="${id}" classname="norn-conformance.known-failing"><failure message="listed as known failing, but passes" type="stale"/></testcase>`,
  );
  return [
    `  <testsuite name="known-failing" tests="${count}" failures="${count}" errors="0" skipped="0">`,
    ...cases,
    '  </testsuite>',
  ].join('\n');
}

function isFailure({ verdict, knownFailing }: CheckResult, { settings }: ConformanceResult): boolean {
  return knownFailing === undefined && (verdict === 'fail' || (settings.strict && verdict === 'warn'));
}

function counts(checks: readonly CheckResult[], result: ConformanceResult): string {
  const stale = checks === result.checks ? result.staleKnownFailing.length : 0;
  const failures = checks.filter((check) => isFailure(check, result)).length;
  const errors = checks.filter(({ verdict }) => verdict === 'error').length;
  const skipped = checks.filter(
    ({ verdict, knownFailing }) => verdict === 'skip' || knownFailing !== undefined,
  ).length;
  return `tests="${checks.length + stale}" failures="${failures + stale}" errors="${errors}" skipped="${skipped}"`;
}

function seconds(millis: number): string {
  return (millis / 1_000).toFixed(3);
}
