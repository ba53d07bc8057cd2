// An address and a port as Linux takes them: sockaddr_in and sockaddr_in6.
import type { LookupAddress } from 'node:dns';

const [AF_INET, AF_INET6] = [2, 10];

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

function socketAddress6(address: string, port: number): Buffer {
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
