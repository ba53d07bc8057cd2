// IPv6 addresses in all ways to write them.
import { expect, it } from 'vitest';
import { socketAddress } from './socket-address.ts';

it.each([
  ['::1', '00000000000000000000000000000001'],
  ['::', '00000000000000000000000000000000'],
  ['2001:db8::', '20010db8000000000000000000000000'],
  ['2001:db8:0:1:2:3:4:5', '20010db8000000010002000300040005'],
  ['::ffff:7f00:1', '00000000000000000000ffff7f000001'],
  ['::ffff:127.0.0.1', '00000000000000000000ffff7f000001'],
])('%s is written as the kernel takes it', (address, bytes) => {
  expect(socketAddress({ address, family: 6 }, 8_800).toString('hex')).toBe(
    `0a002260${'0'.repeat(8)}${bytes}${'0'.repeat(8)}`,
  );
});
