// NATS in a few lines (docs.nats.io, "Client Protocol"): one subject that is published to and subscribed.
import { once } from 'node:events';
import { connect } from 'node:net';

/** `onText` gets everything that is published to the subject, in the order of the broker. */
export async function joinSubject(address, subject, onText) {
  const [, host, port] = /^(.*):(\d+)$/.exec(address);
  const socket = connect(Number(port), host);
  await once(socket, 'connect');
  const waiting = [];
  let unread = Buffer.alloc(0);

  function readOne() {
    const end = unread.indexOf('\r\n');
    if (end === -1) return false;
    const line = unread.toString('latin1', 0, end);
    let next = end + 2;
    if (line.startsWith('MSG ')) {
      const bytes = Number(line.slice(line.lastIndexOf(' ') + 1));
      if (unread.length < next + bytes + 2) return false;
      onText(unread.toString('utf8', next, next + bytes));
      next += bytes + 2;
    } else if (line === 'PING') socket.write('PONG\r\n');
    else if (line === 'PONG') waiting.shift()?.();
    else if (line.startsWith('-ERR')) socket.destroy(new Error(line));
    unread = unread.subarray(next);
    return true;
  }
  socket.on('data', (bytes) => {
    unread = unread.length === 0 ? bytes : Buffer.concat([unread, bytes]);
    while (readOne());
  });
  /** The broker answers a PING when it has taken all that was sent before it. */
  const flushed = () => new Promise((resolve) => waiting.push(resolve) && socket.write('PING\r\n'));
  socket.write(`CONNECT {"verbose":false,"pedantic":false}\r\nSUB ${subject} 1\r\n`);
  await flushed();
  return {
    /** Resolves when the broker has the text. */
    publish(text) {
      const payload = Buffer.from(text);
      socket.write(
        Buffer.concat([Buffer.from(`PUB ${subject} ${payload.length}\r\n`), payload, Buffer.from('\r\n')]),
      );
      return flushed();
    },
    /** Resolves when the connection is over, with why. */
    lost: new Promise((resolve) => {
      socket.once('error', (error) => resolve(error.message));
      socket.once('close', () => resolve('the connection to the broker ended'));
    }),
  };
}
