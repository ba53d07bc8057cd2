// A capacity search as Markdown, for a pull request or a step summary.
import type { FindResult } from '../../load/find/find-result.ts';
import { escapeCell, list, section } from '../format/markdown-parts.ts';
import { answerLine, curveRows, reasonLines, searchLines } from './facts.ts';

export function renderFindMarkdown(result: FindResult): string {
  const sections = [
    '# Capacity',
    `**${escapeCell(answerLine(result.answer, result.vary))}${result.partial ? ' [partial]' : ''}**`,
    section('Curve', curveRows(result)),
    list(reasonLines(result)),
    `## Search\n\n${list(searchLines(result))}`,
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}
