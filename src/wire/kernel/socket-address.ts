// Where a socket connects to, as Linux takes it: sockaddr_in, sockaddr_in6 and sockaddr_un.
import type { LookupAddress } from 'node:dns';

const [AF_UNIX, AF_INET, AF_INET6] = [1, 2, 10];

export function socketAddress({ address, family }: LookupAddress, port: number): Buffer {
  return family === 6 ? socketAddress6(address, port) : socketAddress4(address, port);
}

function socketAddress4(address: string, port: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.set(address.split('.').map(Number), 4);
  return bytes;
}

function socketAddress6(text: string, port: number): Buffer {
  // IPv4 inside IPv6 may be written with dots.
  const address = text.includes('.') ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
  const bytes = Buffer.alloc(28);
  bytes.writeUInt16LE(AF_INET6, 0);
  bytes.writeUInt16BE(port, 2);
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const [before, after] = [groups(head), groups(tail)];
  const middle = tail === undefined ? [] : new Array<string>(8 - before.length - after.length).fill('0');
  [...before, ...middle, ...after].forEach((group, index) => {
    bytes.writeUInt16BE(Number.parseInt(group, 16), 8 + index * 2);
  });
  return bytes;
}

/** sockaddr_un, with the path as it is. */
export function unixSocketAddress(path: string): Buffer {
  const bytes = Buffer.alloc(2 + Buffer.byteLength(path) + 1);
  bytes.writeUInt16LE(AF_UNIX, 0);
  bytes.write(path, 2);
  return bytes;
}
