// An exploration for a terminal: each finding with what was seen and the command that replays it, then the coverage.
import type { ExploreResult } from '../../conformance/explore/result.ts';
import { joinParts } from '../format/markdown.ts';
import { coverageLines, findingLines, headline, noticeLines, targetLine } from './facts.ts';

export function renderExploreTerminal(result: ExploreResult): string {
  const indented = (lines: readonly string[]): string => lines.map((line) => `   ${line}`).join('\n');
  return `${joinParts([
    `${headline(result)}\n${targetLine(result)}`,
    ...result.findings.map(
      (finding, at) => `${at + 1}. ${finding.title}\n${indented(findingLines(finding))}`,
    ),
    `Coverage\n${indented(coverageLines(result))}`,
    noticeLines(result).join('\n'),
  ])}\n`;
}
