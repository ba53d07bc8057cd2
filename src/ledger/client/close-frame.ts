// What a Close frame's body says (RFC 6455, 5.5.1 and 7.4). Checked once per connection.
import { isUtf8 } from 'node:buffer';
import { decodeClosePayload } from '../../wire/frame-writer.ts';

/** One sentence on what is wrong with the body, or undefined. */
export function closeProblem(payload: Buffer): string | undefined {
  if (payload.length === 0) return undefined;
  if (payload.length === 1) return 'a Close body of one byte';
  const code = decodeClosePayload(payload).code;
  if (!maySend(code)) return `a Close with code ${code}`;
  return isUtf8(payload.subarray(2)) ? undefined : `a Close with code ${code} whose reason is not UTF-8`;
}

function maySend(code: number): boolean {
  if (code >= 3_000 && code <= 4_999) return true;
  return code >= 1_000 && code <= 1_014 && code !== 1_004 && code !== 1_005 && code !== 1_006;
}
