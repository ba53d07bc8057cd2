// IPv4 and IPv6 addresses as numbers, so that ranges of them can be counted through. Pure.
import { isIP } from 'node:net';

export interface IpNumber {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** Undefined for any other text, such as an address with a zone, `fe80::1%eth0`. */
export function parseIp(text: string): IpNumber | undefined {
  const family = text.includes('%') ? 0 : isIP(text);
  if (family === 4) return { family, value: numberOf(text.split('.').map(BigInt), 8n) };
  if (family === 6) return { family, value: numberOf(groupsOf(text), 16n) };
  return undefined;
}

/** In its shortest form. */
export function writeIp({ family, value }: IpNumber): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => (value >> BigInt(16 * (7 - at))) & 0xffffn);
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1);
}

export const bitsOf = (family: 4 | 6): number => (family === 4 ? 32 : 128);

const numberOf = (parts: readonly bigint[], bits: bigint): bigint =>
  parts.reduce((value, part) => (value << bits) | part, 0n);

/** The URL parser writes an IPv4 tail as two groups. */
function groupsOf(text: string): bigint[] {
  const [head = '', tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => BigInt(`0x${group}`)));
  if (tail === undefined) return groups(head);
  const [before, after] = [groups(head), groups(tail)];
  return [...before, ...new Array<bigint>(8 - before.length - after.length).fill(0n), ...after];
}
