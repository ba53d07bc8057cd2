// Who is blamed for a broadcast without an answer, and on what proof: routes of every kind as numbers, without a hub.
import { describe, expect, it } from 'vitest';
import { BLOCKED_MILLIS, explainUnanswered } from './unanswered.ts';

const problem = 'POST URL was not answered within 10000 ms';
const B = 'client B (for 412 ms)';
const NEVER = Number.POSITIVE_INFINITY;

interface Route {
  readonly stalled?: readonly string[];
  /** What broadcasts took while every client read. */
  readonly usualMillis?: readonly number[];
  /** What one more takes, counted from its begin, while the stalled clients are connected and when they no longer are. */
  readonly takesMillis: { readonly beside: number; readonly without: number };
  /** The hub has ended the connection of the stalled client. */
  readonly hasEvicted?: boolean;
  readonly isStopped?: boolean;
}

const DEADLINE_MILLIS = 10_000;
const within = (tookMillis: number, millis: number) => (tookMillis < millis ? tookMillis : undefined);

function explain({ stalled = [B], usualMillis = [4, 5, 12], takesMillis, ...hub }: Route): Promise<string> {
  let isDisconnected = false;
  return explainUnanswered({
    problem,
    stalled,
    earlier: usualMillis.map((millis) => ({ millis, events: 1, isUndisturbed: true })),
    callAgain: () => ({
      answeredWithin: async (millis) => within(takesMillis.beside, millis),
      answered: async () =>
        within(isDisconnected ? takesMillis.without : takesMillis.beside, DEADLINE_MILLIS),
    }),
    disconnectStalled() {
      isDisconnected = true;
    },
    isStalledClientDisconnected: async () => hub.hasEvicted === true,
    answersHandshake: async () => hub.isStopped !== true,
  });
}

const BEFORE = '(the 3 broadcasts before: median 5 ms, longest 12 ms)';

describe('explainUnanswered', () => {
  it('blames a client that had stopped reading when the route answers without it', async () => {
    const takesMillis = { beside: NEVER, without: BLOCKED_MILLIS + 7.5 };
    expect(await explain({ takesMillis })).toBe(
      `${problem}; ${B} had stopped reading, and once disconnected, the route answered again within 8 ms ${BEFORE}`,
    );
  });

  it('blames it when the hub had disconnected it by then, as one with a time limit for writes does', async () => {
    const takesMillis = { beside: 6, without: 6 };
    expect(await explain({ takesMillis, hasEvicted: true })).toBe(
      `${problem}; ${B} had stopped reading, and when the hub had disconnected it, the route answered again ${BEFORE}`,
    );
  });

  it('blames it when a route that was quick never answers again, although the client is gone', async () => {
    expect(await explain({ takesMillis: { beside: NEVER, without: NEVER } })).toBe(
      `${problem}; ${B} had stopped reading; since then the route answers no more, although the client is gone ${BEFORE}`,
    );
  });

  it('calls a route slow that answers while the client still does not read', async () => {
    expect(await explain({ takesMillis: { beside: 6, without: 6 } })).toBe(
      `${problem}; ${B} had stopped reading, but the route answers again while it still does not: the route is slow ${BEFORE}`,
    );
  });

  it('calls a route slow that takes as long without the client', async () => {
    const route = { usualMillis: [5_001, 5_002], takesMillis: { beside: 5_003, without: 5_003 } };
    expect(await explain(route)).toBe(
      `${problem}; ${B} had stopped reading, but without it an event takes 5003 ms, too: the route is slow (the 2 broadcasts before: median 5002 ms, longest 5002 ms)`,
    );
  });

  it.each([
    ['answered', [], 'no broadcast of this check was answered'],
    ['answered quickly', [3_000], 'the 1 broadcasts before: median 3000 ms'],
  ])('calls a route slow that never %s, with the client or without', async (_what, usualMillis, before) => {
    const text = await explain({ usualMillis, takesMillis: { beside: NEVER, without: NEVER } });
    expect(text).toContain('but the route does not answer without it either: the route is slow');
    expect(text).toContain(before);
  });

  it('calls the route slow, with its times, where every client reads', async () => {
    expect(await explain({ stalled: [], takesMillis: { beside: NEVER, without: NEVER } })).toBe(
      `${problem}; no client had stopped reading: the route is slow ${BEFORE}`,
    );
  });

  it.each([[[B]], [[]]])('blames nobody for a hub that is stopped (stalled: %j)', async (stalled) => {
    const text = await explain({ stalled, isStopped: true, takesMillis: { beside: NEVER, without: NEVER } });
    expect(text).toContain(
      'the hub does not answer the handshake of a new client either, it is stopped or hangs',
    );
    expect(text).not.toMatch(/route is slow|answered again|no more/);
  });

  it('names three of many clients', async () => {
    const route = { stalled: ['A', 'B', 'C', 'D', 'E'], takesMillis: { beside: NEVER, without: NEVER } };
    expect(await explain(route)).toContain('A, B, C and 2 more had stopped reading');
  });
});
