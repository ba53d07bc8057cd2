// Lists and tables in Markdown, safe for any text; apart because every report of a load test has some.
import type { Rows } from '../loadtest/facts.ts';

export function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${escapeCell(line)}`).join('\n');
}

/** Empty for no rows. */
export function section(title: string, { head, rows }: Rows): string {
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

export function escapeCell(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
