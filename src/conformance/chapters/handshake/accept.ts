// The accepted handshake: what a 101 must say (RFC 6455 4.2.2).
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { describeExchange } from '../../lab/exchange.ts';
import { encodeHandshake } from '../../lab/handshake-bytes.ts';

export const acceptKey: Check = {
  id: 'handshake.accept-key',
  chapter: 'handshake',
  title: 'a correct handshake is answered with 101 and the accept value of its key',
  level: 'must',
  clause: {
    source: 'RFC 6455 4.2.2',
    quote:
      'A |Sec-WebSocket-Accept| header field. The value of this header field is constructed by concatenating /key/ with the string "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", taking the SHA-1 hash of this concatenated value to obtain a 20-byte value and base64-encoding this 20-byte hash.',
  },
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'A client that gets a wrong accept value must fail the connection, so no browser connects at all. Three handshakes are made: with the key of the RFC, and with two random ones, so that a constant answer is noticed. Header names and the tokens are compared without case.',
  isolation: 'shared',
  async run(lab) {
    const keys = ['dGhlIHNhbXBsZSBub25jZQ==', ...[1, 2].map(() => lab.random.bytes(16).toString('base64'))];
    for (const key of keys) {
      const request = encodeHandshake(lab.url, { key });
      const answer = await lab.exchange(request.bytes);
      const accept = answer.kind === 'answer' ? answer.response.headers['sec-websocket-accept'] : undefined;
      lab.note(`key ${key}: ${describeExchange(answer)}, accept ${accept ?? 'absent'}`);
      if (answer.kind !== 'answer' || answer.response.status !== 101) {
        return fail({ expected: 'HTTP 101', got: describeExchange(answer) });
      }
      if (accept !== request.expectedAccept) {
        return fail({
          expected: `Sec-WebSocket-Accept: ${request.expectedAccept} for the key ${key}`,
          got: accept === undefined ? 'no such header' : accept,
        });
      }
    }
    return pass();
  },
};
