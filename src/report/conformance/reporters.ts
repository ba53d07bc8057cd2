// The reports on a conformance run by name, and the file each becomes.
import type { ConformanceResult } from '../../conformance/result.ts';
import { renderConformanceBadge } from './badge.ts';
import { renderConformanceGithub } from './github.ts';
import { renderConformanceHtml } from './html/page.ts';
import { renderConformanceJson } from './json.ts';
import { renderConformanceJunit } from './junit.ts';
import { renderConformanceMarkdown } from './markdown.ts';
import type { ConformanceReporter } from './reporter-names.ts';
import { renderConformanceTable } from './table.ts';

export interface ReporterForm {
  readonly fileName: string;
  readonly render: (result: ConformanceResult) => string;
}

export const REPORTER_FORMS: Readonly<Record<ConformanceReporter, ReporterForm>> = {
  terminal: { fileName: 'conformance.txt', render: (result) => `${renderConformanceTable(result)}\n` },
  json: { fileName: 'conformance.json', render: renderConformanceJson },
  junit: { fileName: 'conformance.xml', render: renderConformanceJunit },
  markdown: { fileName: 'conformance.md', render: renderConformanceMarkdown },
  html: { fileName: 'conformance.html', render: renderConformanceHtml },
  github: { fileName: 'conformance.github.txt', render: renderConformanceGithub },
  badge: { fileName: 'conformance.badge.json', render: renderConformanceBadge },
};
