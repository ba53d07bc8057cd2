// Which events of the past count as replayed: those that were at everybody for a while when the client connected.
import { describe, expect, it } from 'vitest';
import { countReplayed } from './replayed-events.ts';

const delivery = (sequence: number, atMillis: number) => ({
  ...{ sequence, atMicros: atMillis * 1_000, bytes: 100, frames: 1, isIntact: true },
});
const dialed = { atMicros: 1_000_000, nextSequence: 4, settledNonce: 2 };
const resident = { deliveries: [delivery(1, 500), delivery(2, 899), delivery(3, 950), delivery(4, 1_050)] };
const count = (sequences: readonly number[], firstNonce = -1, from = 0) =>
  countReplayed(
    { deliveries: sequences.map((sequence) => delivery(sequence, 1_100)), firstNonce },
    dialed,
    resident,
    from,
  );

describe('events of the past', () => {
  it('are replayed where the client that listens had them long before', () => {
    expect(count([1, 2, 4])).toBe(2);
  });

  it('may still have been on their way just before', () => {
    expect(count([3, 4])).toBe(0);
  });

  it('are not judged where nobody else had them', () => {
    expect(count([0])).toBe(0);
  });

  it('include nonces of the join barrier', () => {
    expect([count([4], 2), count([4], 3)]).toEqual([1, 0]);
  });

  it('were judged in an earlier program', () => {
    expect(count([1, 4], 2, 1)).toBe(0);
  });
});
