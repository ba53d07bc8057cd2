// From a failure to a finding, on a simulated hub: what it says about how often it failed, and when there is none.
import { describe, expect, it } from 'vitest';
import { simulateKeeper } from '../../../testing/simulated/hub-keeper.ts';
import type { Violation } from '../oracle/violation.ts';
import type { Program } from '../program/program.ts';
import { titleOf } from './finding.ts';
import { investigate } from './investigate.ts';

const program = (factors: Program['factors']): Program => ({ seed: 1, factors });
const lost = (isTimed = false): Violation => ({ kind: 'lost', who: 'client 1', got: 'gone', isTimed });

/** Each program takes a second. */
function find(
  history: readonly Program[],
  judge: (ran: readonly Program[], hubs: number) => readonly Violation[],
  { seen = lost(), shrinkMillis = 60_000 } = {},
) {
  let runs = 0;
  const keeper = simulateKeeper((ran, hubs) => {
    runs++;
    return judge(ran, hubs);
  });
  return investigate({
    keeper,
    history,
    violations: [seen],
    unconfirmed: [],
    isOver: () => false,
    shrinkMillis,
    elapsedMillis: () => runs * 1_000,
  });
}

describe('an investigation', () => {
  it('says how often the reduced programs failed, and which numbers are limits', async () => {
    const start = program({ clients: 40, client: 'chrome', content: 'wide' });
    const found = await find([start], (ran) =>
      Number(ran.at(-1)?.factors.clients ?? 1) >= 13 ? [lost()] : [],
    );
    expect(found).toMatchObject({ programs: [program({ clients: 13 })], rounds: 1, shown: 4, tries: 4 });
    expect(found && titleOf(found)).toBe('events are missing: only with at least 13 clients');
  });

  it('repeats what fails on every fifth program of a hub, whatever was before it', async () => {
    const history = Array.from({ length: 10 }, () => program({ content: 'wide' }));
    const found = await find(history, (ran) => (ran.length % 5 === 0 ? [lost()] : []));
    expect(found?.programs.length).toBeGreaterThan(1);
    expect(found).toMatchObject({ shown: 4, tries: 4 });
  });

  it('gives a replay more rounds where there was no time to find out how many it takes', async () => {
    const start = program({ sends: 'binary' });
    const found = await find([start], (_, hubs) => (hubs % 3 === 0 ? [lost()] : []), { shrinkMillis: 4_000 });
    expect(found?.rounds).toBeGreaterThan(1);
  });

  it('does not believe what rests on a time and came again once only', async () => {
    const once = (_: readonly Program[], hubs: number) => (hubs === 1 ? [lost(true)] : []);
    const history = [program({ sends: 'binary' })];
    expect(await find(history, once, { seen: lost(true) })).toBeUndefined();
    expect(await find(history, once)).toMatchObject({ reproduced: 'again', shown: 1 });
  });

  it('takes a hub that is gone for the same failure, however it shows', async () => {
    const gone = (_: readonly Program[], hubs: number): readonly Violation[] => [
      { ...lost(), kind: hubs % 2 === 0 ? 'hub-dead' : 'publish-failed' },
    ];
    const found = await find([program({})], gone, { seen: { ...lost(), kind: 'publish-failed' } });
    expect(found).toMatchObject({ shown: 4, tries: 4 });
  });
});
