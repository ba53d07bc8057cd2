// A report in parts, from which the terminal and Markdown say the same: a headline, tables, lists and drawings.
import {
  escapeMarkdown,
  joinParts,
  renderFence,
  renderList,
  renderTable as renderMarkdownTable,
} from './markdown.ts';
import type { Rows } from './rows.ts';
import { renderTable } from './terminal-table.ts';

export interface Summary {
  readonly title: string;
  readonly headline: string;
  readonly parts: readonly SummaryPart[];
  /** For whoever reads the file later: what ran, where and when. The terminal has just shown it. */
  readonly details?: SummaryPart;
}

type SummaryPart =
  | { readonly kind: 'table'; readonly title: string; readonly rows: Rows }
  | { readonly kind: 'list'; readonly title?: string; readonly lines: readonly string[] }
  /** Lines of characters that stand under each other. */
  | { readonly kind: 'drawing'; readonly title: string; readonly lines: readonly string[] };

export function renderSummaryTerminal({ headline, parts }: Summary): string {
  return joinParts([
    headline,
    ...parts.map((part) => (part.kind === 'table' ? renderTable(part.rows) : part.lines.join('\n'))),
  ]);
}

export function renderSummaryMarkdown({ title, headline, parts, details }: Summary): string {
  const all = details === undefined ? parts : [...parts, details];
  return `${joinParts([`# ${escapeMarkdown(title)}`, `**${escapeMarkdown(headline)}**`, ...all.map(renderPart)])}\n`;
}

function renderPart(part: SummaryPart): string {
  const body = renderBody(part);
  return body === '' || part.title === undefined ? body : `## ${escapeMarkdown(part.title)}\n\n${body}`;
}

function renderBody(part: SummaryPart): string {
  if (part.kind === 'table') return renderMarkdownTable(part.rows);
  if (part.lines.length === 0) return '';
  return part.kind === 'list' ? renderList(part.lines) : renderFence(part.lines.join('\n'));
}
