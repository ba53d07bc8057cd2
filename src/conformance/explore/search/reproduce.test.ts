// Showing a failure again, on a simulated hub whose failures are functions of what has run on it.
import { describe, expect, it } from 'vitest';
import { simulateKeeper } from '../../../testing/simulated/hub-keeper.ts';
import type { Violation } from '../oracle/violation.ts';
import type { Program } from '../program/program.ts';
import type { HubKeeper } from './hub-keeper.ts';
import { reproduce } from './reproduce.ts';

const program = (factors: Program['factors']): Program => ({ seed: 1, factors });
const violation = (isTimed: boolean): Violation => ({ kind: 'lost', who: 'client 1', got: 'gone', isTimed });

const keeperThat = (fails: (ran: readonly Program[], hubs: number) => boolean) =>
  simulateKeeper((ran, hubs) => (fails(ran, hubs) ? [violation(false)] : []));

const again = (keeper: HubKeeper, history: readonly Program[], isTimed = false) =>
  reproduce({ keeper, history, violation: violation(isTimed), isOver: () => false });

describe('a failure', () => {
  const history = Array.from({ length: 20 }, (_, at) => program({ clients: at + 2 }));

  it('is shown again by the program alone, in one of two tries', async () => {
    const second = keeperThat((_, hubs) => hubs === 2);
    expect(await again(second, history)).toMatchObject({ programs: history.slice(-1), rounds: 1 });
  });

  it('is shown again with as many programs before it as it needs', async () => {
    const needs = keeperThat((ran) => ran.length === 4);
    expect((await again(needs, history))?.programs).toEqual(history.slice(-4));
  });

  it('that needs luck is shown again by many rounds on one hub, sooner than with a long past', async () => {
    const seldom = keeperThat((ran) => ran.length === 13);
    expect(await again(seldom, history)).toMatchObject({ programs: history.slice(-1), rounds: 16 });
  });

  it('that rests on a time is not shown by trying often', async () => {
    const seldom = keeperThat((ran) => ran.length === 13 && ran[0] === ran[1]);
    expect(await again(seldom, history.slice(-4), true)).toBeUndefined();
    expect(await again(seldom, history.slice(-4), false)).toMatchObject({ rounds: 16 });
  });

  it('that does not come again is no finding', async () => {
    expect(
      await again(
        keeperThat(() => false),
        history,
      ),
    ).toBeUndefined();
  });
});
