// An address that is not of this machine is refused by name; of a network those are taken that are there.
import { expect, it } from 'vitest';
import { parseLocalAddresses } from './local-address-language.ts';
import { findOwnAddresses } from './own-addresses.ts';

const OWN = ['10.0.0.5', '10.0.0.6', '10.0.0.7'];

function find(...texts: string[]) {
  const written = parseLocalAddresses(texts);
  if (!written.ok) throw new Error(written.problem);
  return findOwnAddresses(written.value, async (address) => OWN.includes(address));
}

it('takes addresses and ranges whose addresses are all of this machine, each once', async () => {
  expect(await find('10.0.0.6', '10.0.0.5-10.0.0.7')).toEqual({
    ok: true,
    value: ['10.0.0.6', '10.0.0.5', '10.0.0.7'],
  });
});

it('takes of a network what is there', async () => {
  expect(await find('10.0.0.0/29')).toMatchObject({ value: ['10.0.0.5', '10.0.0.6'] });
  expect(await find('10.1.0.0/29')).toMatchObject({
    problem: expect.stringContaining('this machine has no address in 10.1.0.0/29'),
  });
});

it('refuses a stranger by name', async () => {
  expect(await find('10.0.0.9')).toMatchObject({
    problem: expect.stringMatching(/^10\.0\.0\.9 is no address of this machine; ip address shows/),
  });
  expect(await find('10.0.0.5-10.0.0.8')).toMatchObject({
    problem: expect.stringContaining('10.0.0.8 is no address of this machine (of 10.0.0.5-10.0.0.8)'),
  });
});

it('asks the system by binding', async () => {
  const written = parseLocalAddresses(['127.0.0.77', '192.0.2.1']);
  if (!written.ok) throw new Error(written.problem);
  expect(await findOwnAddresses(written.value)).toMatchObject({
    problem: expect.stringContaining('192.0.2.1 is no address of this machine'),
  });
});
