// Pressure finds out what a hub takes: a size, a number of events in a request, or a pace.
import { describe, expect, it } from 'vitest';
import { createPressureSize } from './pressure-size.ts';

/** Until `take` accepts a request; what it was. */
function settle(take: (events: number, bytes: number) => number | 'accepted') {
  const size = createPressureSize(65_536, 8);
  for (let requests = 1; requests < 100; requests++) {
    const answer = take(size.eventsPerRequest, size.eventBytes);
    const next = answer === 'accepted' ? 'accepted' : size.refused(answer);
    if (next === 'accepted' || next === 'end')
      return { next, events: size.eventsPerRequest, bytes: size.eventBytes, requests };
  }
  throw new Error('no end');
}

describe('createPressureSize', () => {
  it('halves the events of a hub that answers 413', () => {
    expect(settle((_, bytes) => (bytes > 8_192 ? 413 : 'accepted'))).toMatchObject({
      bytes: 8_192,
      events: 8,
    });
  });

  it.each([400, 422, undefined])('halves the request first after %s', (status) => {
    const takesTwo = (events: number) => (events > 2 ? (status ?? Number.NaN) : ('accepted' as const));
    expect(settle(takesTwo)).toMatchObject({ next: 'accepted', events: 2, bytes: 65_536 });
  });

  it('ends when a hub takes no event of 256 bytes', () => {
    expect(settle(() => 400)).toMatchObject({ next: 'end', events: 1 });
  });

  it.each([429, 500, 503])('gives a hub that answers %i time, and ends at last', (status) => {
    let answers = 0;
    expect(settle(() => (answers++ < 3 ? status : 'accepted'))).toMatchObject({
      next: 'accepted',
      bytes: 65_536,
      requests: 4,
    });
    expect(settle(() => status)).toMatchObject({ next: 'end', bytes: 65_536, requests: 11 });
  });
});
