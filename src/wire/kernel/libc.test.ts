// Errors by name.
import { expect, it } from 'vitest';
import { bindLastError } from './libc.ts';

it('names an error that has two names by the one that others compare with', () => {
  const os = { errno: { EPERM: 1, EAGAIN: 11, EWOULDBLOCK: 11 } };
  const nameOf = (errno: number) => bindLastError({ os, errno: () => errno } as never)();
  expect([1, 11, 999].map(nameOf)).toEqual(['EPERM', 'EAGAIN', 'error 999']);
});
