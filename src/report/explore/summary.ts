// An exploration in parts, from which the terminal and Markdown say the same.
import type { ExploreResult } from '../../conformance/explore/result.ts';
import type { Summary } from '../format/summary.ts';
import { coverageLines, findingLines, headline, noticeLines, targetLine } from './facts.ts';

export function summarizeExplore(result: ExploreResult): Summary {
  return {
    title: 'Exploration',
    headline: headline(result),
    parts: [
      ...result.findings.map((finding, at) => ({
        kind: 'list' as const,
        title: `${at + 1}. ${finding.title}`,
        lines: findingLines(finding),
      })),
      { kind: 'list', title: 'Coverage', lines: coverageLines(result) },
      { kind: 'list', title: 'Notices', lines: noticeLines(result) },
    ],
    details: {
      kind: 'list',
      title: 'Run',
      lines: [targetLine(result), `run again: ${result.command}`],
    },
  };
}
