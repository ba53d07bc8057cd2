// A comparison as Markdown, for a pull request or a step summary.
import type { CompareResult } from '../../load/compare/compare-result.ts';
import { escapeCell, list, section } from '../format/markdown-parts.ts';
import { comparedLines, comparedRows, comparedVerdictLine } from './facts.ts';

export function renderCompareMarkdown(result: CompareResult): string {
  const sections = [
    '# Comparison',
    `**${escapeCell(comparedVerdictLine(result))}**`,
    section('Metrics', comparedRows(result)),
    list(comparedLines(result)),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}
