// A field that occurs twice in one JSON object: parsers disagree on which one counts, so what the hub validated might
// not be what a client reads. Works on the text beside its parsed value, without recursion, whatever the nesting.

/** The name of a field that occurs twice in one object of `text`, a valid JSON value whose parse is `value`. */
export function findDuplicateField(text: string, value: unknown): string | undefined {
  // Counting is cheap, and says in nearly every case that there is nothing to look for.
  return countFieldsInText(text) === countFields(value) ? undefined : searchDuplicate(text);
}

function countFieldsInText(text: string): number {
  let fields = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) fields++;
  }
  return fields;
}

function countFields(value: unknown): number {
  let fields = 0;
  const open: unknown[] = [value];
  for (let next = open.pop(); next !== undefined || open.length > 0; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const inner = Object.values(next);
    if (!Array.isArray(next)) fields += inner.length;
    for (const one of inner) if (typeof one === 'object' && one !== null) open.push(one);
  }
  return fields;
}

function searchDuplicate(text: string): string | undefined {
  const open: Set<string>[] = [];
  let lastString = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      lastString = JSON.parse(text.slice(at, end + 1)) as string;
      at = end;
    } else if (character === '{' || character === '[') open.push(new Set());
    else if (character === '}' || character === ']') open.pop();
    else if (character === ':') {
      const names = open.at(-1);
      if (names?.has(lastString)) return lastString;
      names?.add(lastString);
    }
  }
  return undefined;
}

const [QUOTE, COLON, BACKSLASH] = [0x22, 0x3a, 0x5c];

/** Index of the quotation mark that closes the string opened at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}
