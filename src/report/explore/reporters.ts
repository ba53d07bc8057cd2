// The reports on an exploration by name, and the file each becomes.
import type { ExploreResult } from '../../conformance/explore/result.ts';
import { renderSummaryMarkdown } from '../format/summary.ts';
import { renderExploreHtml } from './html.ts';
import { renderExploreJunit } from './junit.ts';
import type { ExploreReporter } from './reporter-names.ts';
import { summarizeExplore } from './summary.ts';
import { renderExploreTerminal } from './terminal.ts';

interface ExploreForm {
  readonly fileName: string;
  readonly render: (result: ExploreResult) => string;
}

export const EXPLORE_FORMS: Readonly<Record<ExploreReporter, ExploreForm>> = {
  terminal: { fileName: 'explore.txt', render: renderExploreTerminal },
  json: { fileName: 'explore.json', render: (result) => `${JSON.stringify(result, null, 2)}\n` },
  junit: { fileName: 'explore.xml', render: renderExploreJunit },
  markdown: { fileName: 'explore.md', render: (result) => renderSummaryMarkdown(summarizeExplore(result)) },
  html: { fileName: 'explore.html', render: renderExploreHtml },
};
