// What is reported of the programs of a file, on a simulated hub: the try that failed, and how many did.
import { describe, expect, it } from 'vitest';
import { simulateKeeper } from '../../../testing/simulated/hub-keeper.ts';
import type { Violation, ViolationKind } from '../oracle/violation.ts';
import type { Program } from '../program/program.ts';
import { runAgain } from './replay.ts';

const PROGRAMS: readonly Program[] = [{ seed: 1, factors: { clients: 2 } }];

const violation = (kind: ViolationKind): Violation => ({
  kind,
  who: 'client 1',
  got: 'gone',
  isTimed: false,
});

/** `fails` says, by the number of the try, what the hub does wrong. */
async function replay(fails: (tryNumber: number) => ViolationKind | undefined) {
  // The hub of the first try is not renewed.
  const keeper = simulateKeeper((_, hubs) => {
    const kind = fails(hubs + 1);
    return kind === undefined ? [] : [violation(kind)];
  });
  const { signal } = new AbortController();
  const { findings } = await runAgain({ programs: PROGRAMS, shows: 'lost' }, { keeper, signal, options: {} });
  return findings[0];
}

describe('a replay', () => {
  it('ends with the first try that shows the failure of the file', async () => {
    expect(await replay((at) => (at === 1 ? 'lost' : undefined))).toMatchObject({
      ...{ kind: 'lost', reproduced: 'living', tries: 1, shown: 1 },
    });
    expect(await replay((at) => (at === 3 ? 'lost' : undefined))).toMatchObject({
      ...{ kind: 'lost', reproduced: 'fresh', tries: 3, shown: 1 },
    });
  });

  it('names the try that failed in another way, not the last one', async () => {
    expect(await replay((at) => (at === 1 ? 'duplicated' : undefined))).toMatchObject({
      ...{ kind: 'duplicated', reproduced: 'living', tries: 6, shown: 1 },
    });
  });

  it('names what the file is about, although another try failed before', async () => {
    expect(await replay((at) => (at === 1 ? 'duplicated' : at === 4 ? 'lost' : undefined))).toMatchObject({
      ...{ kind: 'lost', reproduced: 'fresh', tries: 4, shown: 1 },
    });
  });

  it('counts the tries that failed alike', async () => {
    expect(await replay((at) => (at % 2 === 0 ? 'duplicated' : undefined))).toMatchObject({
      ...{ kind: 'duplicated', reproduced: 'fresh', tries: 6, shown: 3 },
    });
  });

  it('reports nothing where no try failed', async () => {
    expect(await replay(() => undefined)).toBeUndefined();
  });
});
