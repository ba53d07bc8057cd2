// A conformance run as Markdown, for a job summary or a comment on a change.
import type { CheckResult, ConformanceResult } from '../../conformance/result.ts';
import { escapeMarkdown, joinParts, renderFence, renderTable } from '../format/markdown.ts';
import type { Rows } from '../format/rows.ts';
import {
  causeLines,
  countsLine,
  noticeLines,
  reasonLines,
  rerunCommand,
  targetLine,
  VERDICT_WORDS,
  wireLine,
  withVerdict,
} from './facts.ts';
import { measurementName, measurementText } from './measurement-text.ts';

const SHOWN_WIRE_ENTRIES = 12;

export function renderConformanceMarkdown(result: ConformanceResult): string {
  return `${joinParts([
    '# Conformance',
    `${countsLine(result)}  \n${escapeMarkdown(targetLine(result))}`,
    noticeLines(result)
      .map((line) => `> ${escapeMarkdown(line)}`)
      .join('\n'),
    renderCauses(result),
    ...withVerdict(result, 'fail', 'error', 'warn').map((check) => renderDetailed(result, check)),
    `## Checks\n\n${renderTable(checkRows(result))}`,
    ...renderMeasurements(result),
  ])}\n`;
}

function renderCauses(result: ConformanceResult): string {
  const lines = causeLines(result);
  return lines.length === 0
    ? ''
    : `## What is probably wrong\n\n${lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n')}`;
}

function checkRows(result: ConformanceResult): Rows {
  return {
    head: ['verdict', 'level', 'check', 'fact', 'took'],
    rows: withVerdict(result, 'fail', 'error', 'warn', 'skip', 'pass').map((check) => [
      VERDICT_WORDS[check.verdict],
      check.level,
      check.id,
      check.verdict === 'skip' ? `${check.title} (${check.reason ?? ''})` : check.title,
      `${check.durationMs} ms`,
    ]),
  };
}

function renderMeasurements({ measurements }: ConformanceResult): string[] {
  const rows = Object.entries(measurements).map(([name, value]) => [
    measurementName(name),
    measurementText(name, value),
  ]);
  return rows.length === 0 ? [] : [`## Measurements\n\n${renderTable({ head: ['what', 'value'], rows })}`];
}

function renderDetailed(result: ConformanceResult, check: CheckResult): string {
  const lines = [
    ...reasonLines(check),
    ...check.wire.slice(-SHOWN_WIRE_ENTRIES).map(wireLine),
    `run again ${rerunCommand(result, check)}`,
  ];
  return [
    `## ${VERDICT_WORDS[check.verdict]}: \`${check.id}\``,
    `${escapeMarkdown(check.title)} (${check.level})`,
    `> ${escapeMarkdown(check.clause.source)}: ${escapeMarkdown(check.clause.quote)}`,
    renderFence(lines.join('\n')),
  ].join('\n\n');
}
