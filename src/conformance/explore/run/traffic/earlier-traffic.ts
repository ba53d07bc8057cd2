// What the hub has been through before the clients of a program join: handshakes that it refuses or that break off,
// clients that have left, plain requests, a client that broke the protocol.
import { connect as connectSocket, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connectAs, FIRST_CLIENT } from '../../../../target/identity/client-identity.ts';
import { lookupOfHost } from '../../../../wire/address/resolve-host.ts';
import { encodeFrame } from '../../../../wire/frame-writer.ts';
import { addressOf, connectOptionsOf, requestUrlOf } from '../../../../wire/hub-address.ts';
import { isTlsUrl, tlsOptionsFor } from '../../../../wire/tls/tls-settings.ts';
import { PLAIN_HANDSHAKE } from '../../../inputs/handshakes/client-handshake.ts';
import type { HubSession } from '../hub-session.ts';

const REFUSED = 6;
const HALF = 40;
const JOINED = 100;
const REQUESTS = 10;
const RAW_DEADLINE_MILLIS = 1_000;

export async function runEarlierTraffic(session: HubSession, before: string): Promise<void> {
  const { url } = session.parts.target;
  switch (before) {
    case 'refused handshakes': {
      const choices = Array.from({ length: REFUSED }, () => ({ ...PLAIN_HANDSHAKE, origin: 'unknown' }));
      const members = await Promise.all(
        choices.map((choice) => session.connect('a refused client', { choice })),
      );
      for (const { client } of members) client?.leave('destroy');
      return;
    }
    case 'half handshakes':
      await Promise.all(
        Array.from({ length: HALF }, (_, at) => breakOff(session, BREAKS[at % BREAKS.length] ?? 'silent')),
      );
      return;
    case 'joins and leaves': {
      const members = await Promise.all(
        Array.from({ length: JOINED }, (_, at) => session.connect(`earlier client ${at + 1}`)),
      );
      for (const [at, { client }] of members.entries()) client?.leave(at % 3 === 0 ? 'reset' : 'destroy');
      return;
    }
    case 'plain requests': {
      const { pathname, host } = requestUrlOf(url);
      for (let count = 0; count < REQUESTS; count++)
        await exchange(
          session,
          `GET ${count % 2 === 0 ? pathname : '/'} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        );
      return;
    }
    case 'illegal frame': {
      const { client } = await session.connect('a client that breaks the protocol');
      client?.sendRaw(encodeFrame({ opcode: 3, payload: Buffer.from('?'), mask: Buffer.alloc(4) }));
      await session.waiter.until(() => client?.isOpen !== true, {
        what: 'the end of a client that broke the protocol',
        deadlineMillis: RAW_DEADLINE_MILLIS,
      });
      client?.leave('destroy');
      return;
    }
    default:
  }
}

/** Where clients leave before they have an answer. */
const BREAKS = ['inside', 'after', 'reset', 'silent', 'reset refused', 'reset late'] as const;
/** A hub that asks somebody whether it may refuse is in the middle of that. */
const LATE_RESET_MILLIS = 5;

/** Begins a handshake and leaves: within the request, right after it, or with a reset, also of what is refused. */
function breakOff(session: HubSession, how: (typeof BREAKS)[number]): Promise<void> {
  const { pathname, search, host } = requestUrlOf(connectAs(session.parts.target, FIRST_CLIENT).url);
  const request = [
    `GET ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ].join('\r\n');
  const refused = `${request}\r\nOrigin: http://evil.example\r\n\r\n`;
  return dial(session, (socket, below) => {
    if (how === 'inside') socket.write(request, () => socket.destroy());
    else if (how === 'after') socket.write(`${request}\r\n\r\n`, () => socket.destroy());
    else if (how === 'reset') socket.write(`${request}\r\n\r\n`, () => end(below));
    else if (how === 'reset refused') socket.write(refused, () => end(below));
    else if (how === 'reset late')
      socket.write(refused, () => session.parts.clock.after(LATE_RESET_MILLIS, () => end(below)));
    else socket.destroy();
  });
}

/** With a reset where there is one. */
function end(socket: Socket): void {
  if (socket.remoteAddress === undefined) socket.destroy();
  else socket.resetAndDestroy();
}

/** Sends bytes and drops what comes back. */
function exchange(session: HubSession, bytes: string): Promise<void> {
  return dial(session, (socket) => {
    socket.once('data', () => socket.destroy());
    socket.write(bytes);
  });
}

/** A TCP or TLS connection to the hub, and the TCP socket below it; over when it is closed, by whomever, or after the deadline. */
function dial(session: HubSession, whenConnected: (socket: Socket, below: Socket) => void): Promise<void> {
  const { url, tls } = session.parts.target;
  const to = addressOf(url);
  return new Promise((resolve) => {
    const isTls = isTlsUrl(url) && to.socketPath === undefined;
    const below = connectSocket({ ...connectOptionsOf(to), lookup: lookupOfHost });
    const socket = isTls ? connectTls({ ...tlsOptionsFor(to.host, tls), socket: below }) : below;
    below.on('error', () => {});
    const timer = session.parts.clock.after(RAW_DEADLINE_MILLIS, () => socket.destroy());
    socket.on('error', () => {});
    socket.once(isTls ? 'secureConnect' : 'connect', () => whenConnected(socket, below));
    socket.once('close', () => {
      timer.cancel();
      resolve();
    });
  });
}
