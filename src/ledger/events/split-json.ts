// Takes apart a message that holds several JSON values, as hubs send it that write what is queued into one message.
// Apart because it only runs on a faulty message, to tell a coalesced one from garbage.
import { isJson } from '../../files/json-text.ts';

/**
 * The values of a message that holds more than one object, one after the other or in an array; each as its JSON text.
 * Undefined when it is anything else.
 */
export function splitJson(text: string): readonly string[] | undefined {
  const pieces = objectTexts(text);
  if (pieces === undefined || pieces.length < 2) return undefined;
  return pieces.every(isJson) ? pieces : undefined;
}

/** The elements of an array of objects, each as JSON text; undefined for any other value. */
export function arrayElements(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (!value.every((element) => typeof element === 'object' && element !== null)) return undefined;
  return value.map((element) => JSON.stringify(element));
}

/** The JSON texts of a message that holds several objects, in either form; undefined for one object and for anything else. */
export function splitMessage(text: string): readonly string[] | undefined {
  if (isJson(text)) {
    const elements = /^\s*\[/.test(text)
      ? objectTexts(text.slice(text.indexOf('[') + 1, text.lastIndexOf(']')))
      : [];
    return elements !== undefined && elements.length > 1 ? elements : undefined;
  }
  return splitJson(text);
}

const SEPARATORS = ' \t\r\n,\u001e\u0000';

/** Cuts at top-level braces, minding strings; undefined when something other than objects and separators is there. */
function objectTexts(text: string): string[] | undefined {
  const pieces: string[] = [];
  let depth = 0;
  let from = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (isInString) {
      if (character === '\\') at++;
      else if (character === '"') isInString = false;
    } else if (character === '"' && depth > 0) {
      isInString = true;
    } else if (character === '{') {
      if (depth++ === 0) from = at;
    } else if (character === '}' && depth > 0) {
      if (--depth === 0) pieces.push(text.slice(from, at + 1));
    } else if (depth === 0 && !SEPARATORS.includes(character)) {
      return undefined;
    }
  }
  return depth === 0 ? pieces : undefined;
}
