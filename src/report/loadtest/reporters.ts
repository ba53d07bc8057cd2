// The reports on a load test by name, and the file each becomes.
import type { LoadtestResult } from '../../load/result/result.ts';
import { renderLoadtestBadge } from './badge.ts';
import { renderLoadtestGithub } from './github.ts';
import { renderLoadtestHtml } from './html/page.ts';
import { renderLoadtestJson } from './json.ts';
import { renderLoadtestJunit } from './junit.ts';
import type { LoadtestReporter } from './reporter-names.ts';
import { renderLoadtestMarkdown, renderLoadtestTerminal } from './summary.ts';

interface LoadtestForm {
  readonly fileName: string;
  readonly render: (result: LoadtestResult) => string;
}

export const LOADTEST_FORMS: Readonly<Record<LoadtestReporter, LoadtestForm>> = {
  terminal: { fileName: 'loadtest.txt', render: (result) => `${renderLoadtestTerminal(result)}\n` },
  json: { fileName: 'loadtest.json', render: renderLoadtestJson },
  junit: { fileName: 'loadtest.xml', render: renderLoadtestJunit },
  markdown: { fileName: 'loadtest.md', render: renderLoadtestMarkdown },
  html: { fileName: 'loadtest.html', render: (result) => renderLoadtestHtml([result]) },
  github: { fileName: 'loadtest.github.txt', render: renderLoadtestGithub },
  badge: { fileName: 'loadtest.badge.json', render: renderLoadtestBadge },
};
