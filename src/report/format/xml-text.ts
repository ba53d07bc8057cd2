// Text as it may stand in XML and HTML: marked up characters escaped, and control characters, which XML forbids even
// escaped, made visible.

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** C0 and C1 controls except tab and line ends, non-characters, and surrogates without their other half. */
const FORBIDDEN = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]|\p{Cs}/gu;

/** Safe in text and in a quoted attribute. */
export function escapeXml(text: string): string {
  const visible = text.replace(FORBIDDEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return visible.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}
