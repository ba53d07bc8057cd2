// Sends raw bytes to a port and reads the answer, for requests that no HTTP client would send.
import { connect } from 'node:net';

const DEADLINE_MILLIS = 10_000;

/** Sends `request`; resolves with the answer once `isComplete` is true or the server ends, rejects by the deadline. */
export function rawExchange(
  port: number,
  request: string | Buffer,
  isComplete: (answer: string) => boolean = hasWholeBody,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    const timer = setTimeout(
      () => finish(new Error(`no whole answer within ${DEADLINE_MILLIS} ms: ${answer}`)),
      DEADLINE_MILLIS,
    );
    function finish(error?: Error): void {
      clearTimeout(timer);
      socket.destroy();
      if (error) reject(error);
      else resolve(answer);
    }
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      answer += text;
      if (isComplete(answer)) finish();
    });
    socket.on('end', () => finish());
    socket.on('error', finish);
  });
}

function hasWholeBody(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n');
  const length = /^content-length: (\d+)\r$/im.exec(answer)?.[1];
  return end !== -1 && length !== undefined && answer.length >= end + 4 + Number(length);
}
