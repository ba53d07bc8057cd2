// A conformance run as Markdown, for a job summary or a comment on a change.
import type { CheckResult, ConformanceResult } from '../../conformance/result.ts';
import {
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
  const sections = [
    '# Conformance',
    `${countsLine(result)}  \n${escapeMarkdown(targetLine(result))}`,
    noticeLines(result)
      .map((line) => `> ${escapeMarkdown(line)}`)
      .join('\n'),
    ...withVerdict(result, 'fail', 'error', 'warn').map((check) => renderDetailed(result, check)),
    renderTable(
      'Checks',
      ['verdict', 'level', 'check', 'fact', 'took'],
      withVerdict(result, 'fail', 'error', 'warn', 'skip', 'pass').map((check) => [
        VERDICT_WORDS[check.verdict],
        check.level,
        `\`${check.id}\``,
        check.verdict === 'skip' ? `${check.title} (${check.reason ?? ''})` : check.title,
        `${check.durationMs} ms`,
      ]),
    ),
    renderTable(
      'Measurements',
      ['what', 'value'],
      Object.entries(result.measurements).map(([name, value]) => [
        measurementName(name),
        measurementText(name, value),
      ]),
    ),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function renderDetailed(result: ConformanceResult, check: CheckResult): string {
  const lines = [
    ...reasonLines(check),
    ...check.wire.slice(-SHOWN_WIRE_ENTRIES).map(wireLine),
    `again     ${rerunCommand(result, check)}`,
  ];
  return [
    `## ${VERDICT_WORDS[check.verdict]}: \`${check.id}\``,
    `${escapeMarkdown(check.title)} (${check.level})`,
    `> ${escapeMarkdown(check.clause.source)}: ${escapeMarkdown(check.clause.quote)}`,
    fence(lines.join('\n')),
  ].join('\n\n');
}

/** A fence longer than any run of backticks inside. */
function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}text\n${text}\n${ticks}`;
}

function renderTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [`## ${title}`, '', line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join(
    '\n',
  );
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_<>[\]]/g, (char) => `\\${char}`).replace(/\s+/g, ' ');
}

function escapeCell(text: string): string {
  const isCode = /^`[^`]*`$/.test(text);
  return (isCode ? text : escapeMarkdown(text)).replaceAll('|', '\\|');
}
