// What ends after a silence show: an age, a Ping that was owed, or a crash.
import { describe, expect, it } from 'vitest';
import { explainEnds, isCrash, type Waiting } from './explain-ends.ts';

const listening = (name: string, change: Partial<Waiting> = {}): Waiting => ({
  name,
  does: 'only listens',
  hasHeard: false,
  fromMillis: 100,
  pings: 0,
  end: undefined,
  ...change,
});
const endAt = (atMillis: number) => ({ atMillis, how: 'no Close frame, fin' });

describe('explainEnds', () => {
  it('says habit by habit who was disconnected, after how long, how, and who was kept', () => {
    const { got } = explainEnds([
      listening('A', { hasHeard: true }),
      listening('B', { end: endAt(20_120) }),
      listening('C', { fromMillis: 4_100, end: { atMillis: 24_140, how: 'Close 1001, fin' } }),
      listening('D', { does: 'offers compression' }),
    ]);
    expect(got).toBe(
      'a client that only listens: disconnected after 20.0 s (B): no Close frame, fin, disconnected after 20.0 s (C): Close 1001, fin, still connected: A; a client that offers compression: still connected: D (A had received an event, the others none)',
    );
  });

  it.each([
    ['4 s apart, after the same time', 4_100, 24_300, true],
    ['4 s apart, at the same moment', 4_100, 20_100, false],
    ['at nearly the same moment', 200, 20_200, false],
  ])('finds an age in two that connected %s: %s', (_, fromMillis, atMillis, expected) => {
    const clients = [
      listening('A', { end: endAt(20_100) }),
      listening('B', { fromMillis, end: endAt(atMillis) }),
    ];
    expect(explainEnds(clients).isSameAge).toBe(expected);
  });

  it('finds no age in clients of different habits', () => {
    const clients = [
      listening('A', { end: endAt(20_100) }),
      listening('B', { does: 'offers compression', fromMillis: 4_100, end: endAt(24_100) }),
    ];
    expect(explainEnds(clients).isSameAge).toBe(false);
  });

  it('says whether one was disconnected that had no Ping to answer', () => {
    const pinged = listening('A', { pings: 2, end: endAt(20_100) });
    expect(explainEnds([pinged, listening('B')]).isUnprovoked).toBe(false);
    expect(explainEnds([pinged, listening('B', { end: endAt(20_100) })]).isUnprovoked).toBe(true);
  });
});

describe('isCrash', () => {
  it.each([
    ['the hub exited with code 2; its stderr ended with: panic', true],
    ['the hub was ended by SIGSEGV', true],
    ['the hub exited with code 0', false],
    ['the hub was ended by SIGTERM', false],
    ['the hub was ended by SIGKILL', false],
  ])('%s: %s', (death, expected) => {
    expect(isCrash(death)).toBe(expected);
  });
});
