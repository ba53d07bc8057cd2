// JUnit XML of replayed fixtures: a suite for each fixture, a case for each expectation.
import type { ReplayReport, ReplayResult } from '../../fixture/judge/replay-result.ts';
import { escapeXml } from '../format/xml-text.ts';

export function renderReplayJunit({ replays }: ReplayReport): string {
  const totals = countOutcomes(replays.flatMap(({ outcomes }) => outcomes));
  const seconds = replays.reduce((sum, { durationMillis }) => sum + durationMillis, 0) / 1e3;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="norn-loadtest replay" ${totals} time="${seconds.toFixed(3)}">`,
    ...replays.map(renderSuite),
    '</testsuites>',
    '',
  ].join('\n');
}

function renderSuite(result: ReplayResult): string {
  const { fixture, outcomes, durationMillis, startedAt, file, obstacles } = result;
  const timestamp = startedAt.replace(/\.\d+Z$/, '');
  const cases = outcomes.map(({ of, claim, verdict, got }) => {
    const open = `    <testcase name="${escapeXml(`${of} ${claim}`)}" classname="${escapeXml(fixture)}" file="${escapeXml(file)}" time="0"`;
    if (verdict === 'held') return `${open}/>`;
    const message = escapeXml([got, ...obstacles].join('; '));
    const child =
      verdict === 'broken'
        ? `<failure message="${message}" type="reproduced">${escapeXml(result.bug)}</failure>`
        : `<error message="${message}" type="undecided"/>`;
    return `${open}>${child}</testcase>`;
  });
  return [
    `  <testsuite name="${escapeXml(fixture)}" ${countOutcomes(outcomes)} time="${(durationMillis / 1e3).toFixed(3)}" timestamp="${timestamp}" hostname="localhost">`,
    ...cases,
    '  </testsuite>',
  ].join('\n');
}

function countOutcomes(outcomes: ReplayResult['outcomes']): string {
  const count = (wanted: string) => outcomes.filter(({ verdict }) => verdict === wanted).length;
  return `tests="${outcomes.length}" failures="${count('broken')}" errors="${count('undecided')}" skipped="0"`;
}
