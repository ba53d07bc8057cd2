// Checks on a second hub: it is closed whatever happens, and where there is none the check is skipped with the reason.
import { describe, expect, it } from 'vitest';
import type { Target, TargetStart } from '../../../target/target.ts';
import { buildCheckResult } from '../../../testing/builders/conformance-result-builder.ts';
import { CHECKS } from '../../registry.ts';
import type { CheckResult } from '../../result.ts';
import type { Listening } from '../order/listening.ts';
import { runOnSecondHubs, type SecondHubs } from './second-hub.ts';

const check = CHECKS.find(({ isolation }) => isolation === 'second-hub') as (typeof CHECKS)[number];

/** Only what is used of it. */
const targetWith = (startSecond: Target['startSecond']): Target => ({ startSecond }) as Target;

function fakeSecond() {
  let closes = 0;
  const target = {
    async close() {
      closes++;
    },
  } as Target;
  return { target, closes: () => closes };
}

interface Begun extends SecondHubs {
  readonly reported: CheckResult[];
}

function begin(
  startSecond: Target['startSecond'],
  run: (second: Target, listening: Listening) => Promise<CheckResult>,
  signal = new AbortController().signal,
): Begun {
  const reported: CheckResult[] = [];
  const hubs = runOnSecondHubs([check], {
    target: targetWith(startSecond),
    run: (_, second, listening) => run(second, listening),
    report: (result) => reported.push(result),
    signal,
  });
  return { reported, ...hubs };
}

const neverRun = async (): Promise<CheckResult> => {
  throw new Error('there is no hub to run on');
};

describe('runOnSecondHubs', () => {
  it('lets a check go on until everything else is done, and closes its hub', async () => {
    const second = fakeSecond();
    const { reported, end } = begin(
      async () => ({ ok: true, target: second.target }),
      async (target, { awaited, leastMillis }) => {
        expect(target).toBe(second.target);
        expect([leastMillis, awaited.aborted]).toEqual([0, false]);
        await new Promise<void>((resolve) => awaited.addEventListener('abort', () => resolve()));
        return buildCheckResult({ id: check.id, verdict: 'pass' });
      },
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(reported).toEqual([]);
    await end();
    expect(reported).toMatchObject([{ id: check.id, verdict: 'pass' }]);
    expect(second.closes()).toBe(1);
  });

  it('names the checks whose hubs have not been refused', async () => {
    const starting = begin(() => new Promise(() => {}), neverRun);
    const refused = begin(async () => ({ ok: false, problem: 'port 9' }), neverRun);
    await new Promise((resolve) => setImmediate(resolve));
    expect([...starting.begun()]).toEqual([check.id]);
    expect([...refused.begun()]).toEqual([]);
  });

  it('closes the hub of a check that throws, and rejects at the end', async () => {
    const second = fakeSecond();
    const { end } = begin(async () => ({ ok: true, target: second.target }), neverRun);
    await expect(end()).rejects.toThrow('there is no hub');
    expect(second.closes()).toBe(1);
  });

  it.each([
    ['cannot be started', undefined, 'a second hub cannot be started beside this one'],
    ['does not start', async (): Promise<TargetStart> => ({ ok: false, problem: 'port 9' }), 'port 9'],
  ])('skips where a second hub %s', async (_, startSecond, reason) => {
    const { reported, end } = begin(startSecond, neverRun);
    await end();
    expect(reported).toMatchObject([{ id: check.id, verdict: 'skip', reason }]);
  });

  it('does not wait for a hub that has not started when the run ends, and closes it when it has', async () => {
    const second = fakeSecond();
    const over = new AbortController();
    let started: (start: TargetStart) => void = () => {};
    const starting = new Promise<TargetStart>((resolve) => {
      started = resolve;
    });
    const { reported, end } = begin(() => starting, neverRun, over.signal);
    over.abort();
    await end();
    expect(reported).toMatchObject([{ verdict: 'skip' }]);
    expect(second.closes()).toBe(0);
    started({ ok: true, target: second.target });
    await starting;
    await new Promise((resolve) => setImmediate(resolve));
    expect(second.closes()).toBe(1);
  });
});
