// The body of POST /broadcast to frames: one envelope as JSON, or one a line as NDJSON; all or nothing. The text of
// an envelope goes on the wire as it came, so that no number or escape changes on its way.
import { isUtf8 } from 'node:buffer';
import { parseEnvelope } from '../../protocol/envelope-validation.ts';
import { encodeServerText } from '../../wire/frame-writer.ts';
import { findDuplicateField } from './duplicate-field.ts';

export type ParsedBody =
  | { readonly ok: true; readonly frames: readonly Buffer[] }
  | { readonly ok: false; readonly problem: string };

/** Characters read in one go; then the event loop gets a turn, so that a large body delays nobody. */
const SLICE_CHARACTERS = 128 * 1024;

export async function parseBroadcastBody(body: Buffer, format: 'json' | 'ndjson'): Promise<ParsedBody> {
  if (!isUtf8(body)) return { ok: false, problem: 'the body is not UTF-8' };
  const text = body.toString('utf8');
  const frames: Buffer[] = [];
  let sliceEnd = SLICE_CHARACTERS;
  for (let start = 0, line = 1; start <= text.length; line++) {
    const newline = format === 'json' ? -1 : text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const one = trimJson(text, start, end);
    if (one !== '' || format === 'json') {
      const problem = findProblem(one);
      if (problem) return { ok: false, problem: format === 'json' ? problem : `line ${line}: ${problem}` };
      frames.push(encodeServerText(Buffer.from(one)));
    }
    start = end + 1;
    if (start <= sliceEnd) continue;
    sliceEnd = start + SLICE_CHARACTERS;
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (frames.length === 0) return { ok: false, problem: 'the body holds no envelope' };
  return { ok: true, frames };
}

function findProblem(text: string): string | undefined {
  const verdict = parseEnvelope(text);
  if (!verdict.ok) return verdict.problem;
  const duplicate = findDuplicateField(text, verdict.envelope);
  return duplicate === undefined
    ? undefined
    : `field ${JSON.stringify(duplicate)} occurs twice in one object`;
}

/** Without the white space that JSON allows around a value, which is less than what String.trim takes off. */
function trimJson(text: string, start: number, end: number): string {
  let [first, last] = [start, end];
  while (first < last && isJsonSpace(text.charCodeAt(first))) first++;
  while (last > first && isJsonSpace(text.charCodeAt(last - 1))) last--;
  return text.slice(first, last);
}

function isJsonSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
