// The same JSON in another form: what it says stays, how it is written changes.

/** The same JSON in another form. */
export function writeAs(form: string, text: string): string {
  switch (form) {
    case 'spaced':
      return JSON.stringify(JSON.parse(text), null, 1).replaceAll('\n', ' ');
    case 'escaped':
      return escapeSome(text);
    case 'reordered': {
      const { type, appId, payload } = JSON.parse(text) as Record<string, unknown>;
      return JSON.stringify({ payload, type, appId });
    }
    default:
      return text;
  }
}

/** Escapes what need not be: every character beyond ASCII, and slashes. */
function escapeSome(text: string): string {
  return text.replace(/[\u0080-\uffff]|\//g, (char) =>
    char === '/' ? '\\/' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
