// The text of an event among others, also among large ones.
import { expect, it } from 'vitest';
import { stampEvent } from '../../../protocol/content-check.ts';
import { findTextOf } from './text-of-event.ts';

const sent = (sequence: number, message = 'm') =>
  stampEvent(
    { type: 'deploy.step', appId: 'a', payload: { message } },
    { runId: 'c1x2', sequence, dueMicros: 5 },
  );

it('finds an event whose text was changed, among others of the series', () => {
  const texts = [sent(15), sent(5), sent(51)].map((text) => ({ text: text.replace('"m"', '"changed"') }));
  expect(findTextOf(sent(5), texts)).toBe(texts[1]?.text);
  expect(findTextOf(sent(1), texts)).toBeUndefined();
  expect(findTextOf('{"type":"other"}', texts)).toBeUndefined();
});

it('reads megabytes of letters once', () => {
  // With a search that starts again at each letter, this takes minutes.
  const texts = Array.from({ length: 8 }, (_, at) => ({ text: sent(at, 'x'.repeat(1_000_000)) }));
  expect(findTextOf(sent(7), texts)).toBe(texts[7]?.text);
  expect(findTextOf(sent(9), texts)).toBeUndefined();
});
