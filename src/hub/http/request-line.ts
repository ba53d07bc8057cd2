// What a request asks for, read from the raw lines where Node's own reading would join or drop something.
import type { IncomingMessage } from 'node:http';

/** The path without query; of an absolute-form target (RFC 9112 section 3.2.2) the path behind the authority. */
export function requestPath(request: IncomingMessage): string {
  const target = (request.url ?? '').replace(/^https?:\/\/[^/?#]*/i, '');
  const path = target.split('?', 1)[0] ?? '';
  return path === '' ? '/' : path;
}

/** Every line of a header on its own, in order. Bytes beyond ASCII arrive as latin1 and are read as UTF-8. */
export function headerValues(request: IncomingMessage, name: string): string[] {
  const { rawHeaders } = request;
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() === name)
      values.push(Buffer.from(rawHeaders[i + 1] ?? '', 'latin1').toString('utf8'));
  }
  return values;
}
