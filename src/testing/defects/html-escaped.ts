// B30, subtle: text is escaped for HTML, so that `<b>` arrives as `&lt;b&gt;`. (Writing `<` as \u003c, as Go does, is
// right: it is the same value.)
import type { Defect } from '../defect.ts';

export const htmlEscaped: Defect = {
  id: 'html-escaped',
  bugClass: 'B30',
  summary: 'the characters < > & in values arrive as HTML entities',
  severity: 'medium',
  namedBy: { 'envelope.escapes': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) =>
      correct.encode(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')),
  }),
};
