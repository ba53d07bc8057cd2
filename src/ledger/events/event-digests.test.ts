// Whether two machines received the same: what differs shows in one digest, what may differ does not.
import { describe, expect, it } from 'vitest';
import { decodeDigests, EventDigests } from './event-digests.ts';

const event = (sequence: number) => ({
  type: 'deploy.progress',
  payload: { sequence, text: `step ${sequence}` },
});

function digestsOf(sequences: readonly number[], readAs: (sequence: number) => unknown = event) {
  const digests = new EventDigests();
  for (const sequence of sequences) digests.note(sequence, readAs(sequence));
  return digests.encode();
}

const ALL = Array.from({ length: 5_000 }, (_, sequence) => sequence);

describe('the digests of events', () => {
  it('are equal whatever the order of the events and of their fields is', () => {
    const swapped = digestsOf([...ALL].reverse(), (sequence) => {
      const { type, payload } = event(sequence);
      return { payload: { text: payload.text, sequence }, type };
    });
    expect(swapped).toEqual(digestsOf(ALL));
    expect(decodeDigests(swapped)).toHaveLength(79);
  });

  it('differ in one place where one event differs', () => {
    const one = decodeDigests(digestsOf(ALL));
    const other = decodeDigests(
      digestsOf(ALL, (sequence) => (sequence === 200 ? { ...event(200), node: 'b' } : event(sequence))),
    );
    const unequal = one.filter(({ sum }, at) => other[at]?.sum !== sum);
    expect(unequal.map(({ first }) => first)).toEqual([192]);
    expect(one.map(({ places }) => places)).toEqual(other.map(({ places }) => places));
  });

  it('say of which events they are', () => {
    const late = decodeDigests(digestsOf(ALL.slice(100)));
    const all = decodeDigests(digestsOf(ALL));
    expect(late[0]?.first).toBe(64);
    expect(late[0]?.places).not.toBe(all[1]?.places);
    expect(late.slice(1)).toEqual(all.slice(2));
  });

  it('count an event once, and note when clients received it differently', () => {
    const digests = new EventDigests();
    digests.note(3, event(3));
    digests.note(3, event(3));
    expect(digests.encode()).toEqual(digestsOf([3]));
    digests.note(3, { ...event(3), client: 7 });
    expect(digests.encode().isVaried).toBe(true);
  });
});
