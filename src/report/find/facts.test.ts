// What kept levels from passing: steps with one cause are one line, whatever the numbers of their sentences are.
import { expect, it } from 'vitest';
import type { FindResult } from '../../load/find/find-result.ts';
import { reasonLines } from './facts.ts';

it('counts steps by their cause, the most frequent first', () => {
  const steps = [
    { cause: 'rate', reason: 'only 40 of 50 events/s could be published' },
    { cause: 'fast-evicted', reason: '3 clients of a (64 messages) were evicted' },
    { cause: 'fast-evicted', reason: '7 clients of b were evicted' },
    { reason: 'of an older file' },
    {},
  ];
  expect(reasonLines({ steps } as unknown as FindResult)).toEqual([
    '2 steps did not pass: 3 clients of a (64 messages) were evicted',
    '1 step did not pass: only 40 of 50 events/s could be published',
    '1 step did not pass: of an older file',
  ]);
});
