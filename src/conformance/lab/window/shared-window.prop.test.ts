// Whatever several checks publish and however slowly clients receive it: no client that reads has more than one window
// on its way, each check has its turn in order, and a deaf client holds nobody up for good.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeries } from '../../../session/series.ts';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { createSharedWindow, SILENT_MILLIS, type WindowReader } from './shared-window.ts';

const LIMIT = 32;
const PREFIX = 'cabx';

interface SimulatedClient {
  readonly reader: WindowReader;
  readonly delayMillis: number;
  readonly queue: string[];
  longestQueue: number;
}

const CHECKS = fc.array(fc.array(fc.integer({ min: 1, max: LIMIT }), { minLength: 1, maxLength: 6 }), {
  minLength: 1,
  maxLength: 6,
});
/** How long a hub takes from one event to the next, per client. */
const DELAYS = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });

function simulate(
  checks: readonly (readonly number[])[],
  delays: readonly number[],
  deafClients: number,
  answerMillis: number,
) {
  const clock = createSimulatedClock();
  const window = createSharedWindow({ limit: LIMIT, runPrefix: PREFIX, clock });
  const clients = delays.map((delayMillis): SimulatedClient => {
    const client = { reader: window.addReader(), delayMillis, queue: [] as string[], longestQueue: 0 };
    const deliver = (): void => {
      const text = client.queue.shift();
      if (text !== undefined) client.reader.sawMessage(Buffer.from(text));
      clock.after(delayMillis, deliver);
    };
    deliver();
    return client;
  });
  for (let at = 0; at < deafClients; at++) window.addReader();
  const asked: string[] = [];
  const admitted: string[] = [];
  let unfinished = checks.length;

  function publish(
    check: number,
    batches: readonly number[],
    series = createSeries(`${PREFIX}0000${check}`),
  ) {
    const [count, ...rest] = batches;
    if (count === undefined) {
      unfinished--;
      return;
    }
    const texts = Array.from({ length: count }, () => series.next().text);
    const name = `${check}: ${rest.length} left`;
    asked.push(name);
    const send = (): void => {
      admitted.push(name);
      for (const client of clients) {
        client.queue.push(...texts);
        client.longestQueue = Math.max(client.longestQueue, client.queue.length);
      }
      clock.after(answerMillis, () => {
        request.accepted();
        publish(check, rest, series);
      });
    };
    // As a check does: it sends in a later turn.
    const request = window.request(texts, () => clock.after(0, send));
  }

  for (const [check, batches] of checks.entries()) publish(check, batches);
  return { clock, clients, asked, admitted, isDone: () => unfinished === 0 };
}

describe('the shared window', () => {
  it('holds for every client, whoever publishes, and serves checks in order', () => {
    fc.assert(
      fc.property(CHECKS, DELAYS, fc.integer({ min: 0, max: 40 }), (checks, delays, answerMillis) => {
        const run = simulate(checks, delays, 0, answerMillis);
        run.clock.advance(checks.flat().reduce((sum, count) => sum + count * 61 + 100, 1_000));
        expect(run.isDone()).toBe(true);
        expect(run.admitted).toEqual(run.asked);
        for (const { longestQueue } of run.clients) expect(longestQueue).toBeLessThanOrEqual(LIMIT);
      }),
      { numRuns: 60 },
    );
  });

  it('holds, and goes on, beside clients that receive nothing', () => {
    fc.assert(
      fc.property(CHECKS, DELAYS, fc.integer({ min: 1, max: 5 }), (checks, delays, deafClients) => {
        const run = simulate(checks, delays, deafClients, 5);
        const waitedForDeafMillis = deafClients * (SILENT_MILLIS + 10);
        run.clock.advance(
          checks.flat().reduce((sum, count) => sum + count * 61 + 100, 1_000) + waitedForDeafMillis,
        );
        expect(run.isDone()).toBe(true);
        for (const { longestQueue } of run.clients) expect(longestQueue).toBeLessThanOrEqual(LIMIT);
      }),
      { numRuns: 60 },
    );
  });
});
