// Both ends of a TCP connection in one text, `127.0.0.1:50000>127.0.0.1:8800`, by which the kernel's tables know it. The port
// of a client alone is not enough: the kernel gives the same one to connections that go to different addresses.
import type { Socket } from 'node:net';
import type { SocketCalls } from './socket-calls.ts';

const [AF_INET, AF_INET6] = [2, 10];

/** The side that names them comes first. IPv4 addresses inside IPv6 are written as IPv4. */
export type SocketEnds = string;

export function endsOf(socket: Socket): SocketEnds | undefined {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  if (localAddress === undefined || remoteAddress === undefined) return undefined;
  // Joined: a text that is put together in pieces takes three times the memory, for each client.
  return [plain(localAddress), ':', localPort, '>', plain(remoteAddress), ':', remotePort].join('');
}

/** The same of a descriptor. */
export function endsOfDescriptor(calls: SocketCalls, fd: number): SocketEnds | undefined {
  const [own, other] = [calls.nameOf(fd, 'own'), calls.nameOf(fd, 'other')].map(readName);
  return own === undefined || other === undefined ? undefined : `${own}>${other}`;
}

function readName(name: Buffer | undefined): string | undefined {
  const family = name?.readUInt16LE(0);
  if (name === undefined || (family !== AF_INET && family !== AF_INET6)) return undefined;
  const address = family === AF_INET ? name.subarray(4, 8) : name.subarray(8, 24);
  return `${writeAddress(address)}:${name.readUInt16BE(2)}`;
}

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** The ends as the other side names them. */
export function reversed(ends: SocketEnds): SocketEnds {
  const [own = '', other = ''] = ends.split('>');
  return `${other}>${own}`;
}

export const remotePortOf = (ends: SocketEnds): number => Number(ends.slice(ends.lastIndexOf(':') + 1));

/** An address and port of `/proc/net/tcp` or `tcp6`: 32-bit words in the byte order of the machine, little-endian. */
export function readTableEnd(text: string): string {
  const [hex = '', port = ''] = text.split(':');
  const bytes = Buffer.from(hex, 'hex');
  for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
  return `${writeAddress(bytes)}:${Number.parseInt(port, 16)}`;
}

function writeAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.subarray(0, 12).toString('hex') === `${'0'.repeat(20)}ffff`) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
