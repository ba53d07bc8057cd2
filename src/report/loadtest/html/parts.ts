// Pieces of HTML that every section uses. Whatever is given is text and gets escaped here.

import { escapeXml } from '../../format/xml-text.ts';
import type { Rows } from '../facts.ts';

export function section(id: string, title: string, ...parts: readonly string[]): string {
  const inside = parts.filter((part) => part !== '');
  if (inside.length === 0) return '';
  return `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${escapeXml(title)}</h2>\n${inside.join('\n')}</section>`;
}

/** A table that scrolls by itself when the page is narrow; empty without rows. */
export function table(
  caption: string,
  { head, rows }: Rows,
  cellClass = (_row: number, _cell: string) => '',
): string {
  if (rows.length === 0) return '';
  const heads = head.map((cell) => (cell === '' ? '<td></td>' : `<th scope="col">${escapeXml(cell)}</th>`));
  const body = rows.map((row, at) => {
    const cells = row.map((cell) => {
      const name = cellClass(at, cell);
      return `<td${name === '' ? '' : ` class="${name}"`}>${escapeXml(cell)}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeXml(caption)}"><table><thead><tr>${heads.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

export function facts(pairs: readonly (readonly [name: string, value: string])[]): string {
  const rows = pairs.map(([name, value]) => `<dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd>`);
  return `<dl class="facts">${rows.join('')}</dl>`;
}
