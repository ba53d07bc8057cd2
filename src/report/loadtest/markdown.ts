// A load test as Markdown, for a pull request or a step summary.
import type { LoadtestResult } from '../../load/result/result.ts';
import { escapeCell, list, section } from '../format/markdown-parts.ts';
import {
  anatomyLines,
  cohortRows,
  evictionRows,
  figureLines,
  findingLines,
  httpRows,
  thresholdRows,
  verdictLine,
} from './facts.ts';

export function renderLoadtestMarkdown(result: LoadtestResult): string {
  const { plan, environment } = result;
  const sections = [
    '# Load test',
    `**${escapeCell(verdictLine(result))}**`,
    list(findingLines(result)),
    section('Thresholds', thresholdRows(result)),
    section('Cohorts', cohortRows(result)),
    section('Evictions', evictionRows(result)),
    anatomySection(result),
    section('HTTP side', httpRows(result)),
    `## Figures\n\n${list(figureLines(result))}`,
    `## Run\n\n${list([
      `target: ${result.target.url} (${result.target.adapter})`,
      `plan: ${plan.scenarios.join(', ')} at ${plan.ratePerSecond === null ? `${plan.speed}x` : `${plan.ratePerSecond} events/s`} for ${plan.durationMs / 1e3} s, seed ${result.seed}`,
      `machine: ${environment.cores} x ${environment.cpu}, ${environment.platform}, Node ${environment.node}`,
      `started ${result.startedAt}, norn-loadtest ${result.kit.version}`,
    ])}`,
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function anatomySection(result: LoadtestResult): string {
  const lines = anatomyLines(result);
  return lines.length === 0 ? '' : `## Anatomy of an eviction\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\``;
}
