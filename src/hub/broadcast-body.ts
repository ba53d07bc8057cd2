// The body of POST /broadcast to frames: one envelope as JSON, or one a line as NDJSON; all or nothing. The text of
// an envelope goes on the wire as it came, so that no number or escape changes on its way.
import { isUtf8 } from 'node:buffer';
import { parseEnvelope } from '../protocol/envelope-validation.ts';
import { encodeServerText } from '../wire/frame-writer.ts';

export type ParsedBody =
  | { readonly ok: true; readonly frames: readonly Buffer[] }
  | { readonly ok: false; readonly problem: string };

export function parseBroadcastBody(body: Buffer, format: 'json' | 'ndjson'): ParsedBody {
  if (!isUtf8(body)) return { ok: false, problem: 'the body is not UTF-8' };
  const text = body.toString('utf8');
  const lines = format === 'json' ? [text] : text.split('\n');
  const frames: Buffer[] = [];
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim();
    if (trimmed === '' && format === 'ndjson') continue;
    const verdict = parseEnvelope(trimmed);
    if (!verdict.ok) {
      return {
        ok: false,
        problem: format === 'json' ? verdict.problem : `line ${index + 1}: ${verdict.problem}`,
      };
    }
    frames.push(encodeServerText(Buffer.from(trimmed)));
  }
  return { ok: true, frames };
}
