// The first lines of what a server answers to a handshake that it refuses: for people, so without markup, control
// characters and most of its length.
import type { HandshakeResponse } from '../connection.ts';

/** Of a body, so many bytes are read. */
const MOST_BYTES = 2_048;
const MOST_LINES = 3;
const MOST_CHARACTERS = 160;

/** Whether no more of it need be awaited. */
export function isBodyRead({ headers }: HandshakeResponse, body: Buffer): boolean {
  if (body.length >= MOST_BYTES) return true;
  if (isChunked(headers)) return body.includes('0\r\n\r\n');
  const declared = Number(headers['content-length'] ?? Number.NaN);
  return body.length >= declared; // without a length only the end tells: NaN is never reached
}

/** On one line; undefined without any text. */
export function firstLines({ headers }: HandshakeResponse, body: Buffer): string | undefined {
  if (headers['content-encoding'] !== undefined) return undefined;
  const bytes = isChunked(headers) ? unchunk(body) : body;
  const text = bytes.subarray(0, MOST_BYTES).toString('utf8');
  const isHtml = /html/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype|html)/i.test(text);
  const lines = (isHtml ? withoutMarkup(text) : text)
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => line.replace(/[\p{Cc}\p{Cf}\p{Cs}\ufffd\s]+/gu, ' ').trim())
    .filter((line) => line !== '');
  const shown = lines.slice(0, MOST_LINES).join(' / ');
  if (shown === '') return undefined;
  return shown.length > MOST_CHARACTERS ? `${shown.slice(0, MOST_CHARACTERS)}…` : shown;
}

function withoutMarkup(html: string): string {
  return html.replace(/<(script|style)\b[\s\S]*?(?:<\/\1>|$)/gi, '\n').replace(/<[^>]*>?/g, '\n');
}

const isChunked = ({ 'transfer-encoding': coding = '' }: HandshakeResponse['headers']): boolean =>
  /chunked/i.test(coding);

function unchunk(body: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, end < 0 ? at : end), 16);
    if (!(size > 0)) break;
    pieces.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(pieces);
}
