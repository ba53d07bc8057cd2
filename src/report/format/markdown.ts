// Markdown that shows any text as it is: whatever could be markup is escaped.
import type { Rows } from './rows.ts';
import { visibleText } from './visible-text.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** On one line. */
export function escapeMarkdown(text: string): string {
  return visibleText(text)
    .replace(/[\\`*_~[\]|$#]/g, (char) => `\\${char}`)
    .replace(/[&<>]/g, (char) => ENTITIES[char] ?? char)
    .replace(/\s+/g, ' ');
}

/** A line that begins with spaces is an item below the one before. */
export function renderList(lines: readonly string[]): string {
  return lines
    .map((line) => `${line.startsWith(' ') ? '  ' : ''}- ${escapeMarkdown(line.trimStart())}`)
    .join('\n');
}

/** Empty for no rows. */
export function renderTable({ head, rows }: Rows): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [line(head.map((cell) => cell || ' ')), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text as it is, in a fence longer than any run of backticks inside. */
export function renderFence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}text\n${visibleText(text).replaceAll('\r', '\\u000d')}\n${ticks}`;
}

/** Parts with an empty line between them; those that are empty are left out. */
export function joinParts(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
