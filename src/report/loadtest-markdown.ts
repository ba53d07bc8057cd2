// A load test as Markdown, for a pull request or a step summary.
import type { LoadtestResult } from '../load/result.ts';
import {
  cohortRows,
  evictionRows,
  figureLines,
  findingLines,
  httpRows,
  type Rows,
  thresholdRows,
  verdictLine,
} from './loadtest-facts.ts';

export function renderLoadtestMarkdown(result: LoadtestResult): string {
  const { plan, environment } = result;
  const sections = [
    '# Load test',
    `**${escapeCell(verdictLine(result))}**`,
    list(findingLines(result)),
    section('Thresholds', thresholdRows(result)),
    section('Cohorts', cohortRows(result)),
    section('Evictions', evictionRows(result)),
    section('HTTP side', httpRows(result)),
    `## Figures\n\n${list(figureLines(result))}`,
    `## Run\n\n${list([
      `target: ${result.target.url} (${result.target.adapter})`,
      `plan: ${plan.scenarios.join(', ')} at ${plan.ratePerSecond === null ? `${plan.speed}x` : `${plan.ratePerSecond} events/s`} for ${plan.durationMillis / 1e3} s, seed ${result.seed}`,
      `machine: ${environment.cores} x ${environment.cpu}, ${environment.platform}, Node ${environment.node}`,
      `started ${result.startedAt}, norn-loadtest ${result.kit.version}`,
    ])}`,
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${escapeCell(line)}`).join('\n');
}

function section(title: string, { head, rows }: Rows): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [
    `## ${title}`,
    '',
    line(head.map((cell) => cell || ' ')),
    line(head.map(() => '---')),
    ...rows.map(line),
  ].join('\n');
}

function escapeCell(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
