// Text as it may stand in XML and HTML: marked up characters escaped, and control characters, which XML forbids even
// escaped, made visible.
import { visibleText } from './visible-text.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe in text and in a quoted attribute. */
export function escapeXml(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}
