// What --local-address takes: addresses, ranges and networks of both families.
import { describe, expect, it } from 'vitest';
import { parseIp, writeIp } from './ip-address.ts';
import { MOST_ADDRESSES, parseLocalAddresses } from './local-address-language.ts';

const addressesOf = (...texts: string[]) => {
  const found = parseLocalAddresses(texts);
  return found.ok ? found.value.flatMap(({ addresses }) => addresses) : found.problem;
};

describe('parseLocalAddresses', () => {
  it.each([
    [['10.0.0.5'], ['10.0.0.5']],
    [['10.0.0.254-10.0.1.1'], ['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.1']],
    [
      ['10.0.0.5 - 10.0.0.6', '10.0.0.9'],
      ['10.0.0.5', '10.0.0.6', '10.0.0.9'],
    ],
    [['10.0.0.7/30'], ['10.0.0.5', '10.0.0.6']],
    [['10.0.0.6/31'], ['10.0.0.6', '10.0.0.7']],
    [['10.0.0.7/32'], ['10.0.0.7']],
    [['FD00::5'], ['fd00::5']],
    [['fd00::ffff-fd00::1:1'], ['fd00::ffff', 'fd00::1:0', 'fd00::1:1']],
    [['fd00::/127'], ['fd00::', 'fd00::1']],
    [['::ffff:10.0.0.1'], ['::ffff:a00:1']],
  ])('reads %j', (texts, addresses) => {
    expect(addressesOf(...texts)).toEqual(addresses);
  });

  it.each([
    ['10.0.0', 'expected an address of this machine'],
    ['eth0', 'got "eth0"'],
    ['10.0.0.1/33', 'expected an address of this machine'],
    ['10.0.0.1/', 'expected an address of this machine'],
    ['10.0.0.1-fd00::1', 'expected an address of this machine'],
    ['fe80::1%eth0', 'expected an address of this machine'],
    ['10.0.0.9-10.0.0.5', 'ends before it begins; write 10.0.0.5-10.0.0.9'],
    ['127.0.0.0/8', '16777214 addresses, at most 1024'],
    ['fd00::/64', '18446744073709551616 addresses, at most 1024'],
  ])('refuses %s', (text, problem) => {
    expect(addressesOf(text)).toContain(problem);
  });

  it('counts over all of them', () => {
    expect(addressesOf('10.0.0.0/22')).toHaveLength(MOST_ADDRESSES - 2);
    expect(addressesOf('10.0.0.0/22', '10.1.0.0/29')).toContain('1028 addresses');
  });
});

it.each(['0.0.0.0', '255.255.255.255', '127.0.0.1', '::', '::1', 'fe80::1', '2001:db8::1:0:0:1'])(
  'writes %s as it was read',
  (text) => {
    const ip = parseIp(text);
    expect(ip && writeIp(ip)).toBe(text);
  },
);
