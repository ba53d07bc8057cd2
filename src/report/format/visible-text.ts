// Text that any report can carry: control characters, which XML forbids even escaped, are written as \uXXXX.

/** C0 and C1 controls except tab and line ends, non-characters, and surrogates without their other half. */
const FORBIDDEN = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]|\p{Cs}/gu;

export function visibleText(text: string): string {
  return text.replace(FORBIDDEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
