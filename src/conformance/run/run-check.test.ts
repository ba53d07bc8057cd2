// What becomes of a finding of a check, on a machine that gave the hub no core while the check waited in vain.
import { expect, it } from 'vitest';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import type { Check } from '../check.ts';
import { FACTS, type Finding, fail, skip, warn } from '../finding.ts';
import type { OwnedLab } from '../lab/open-lab.ts';
import { runCheck } from './run-check.ts';
import type { CpuWatch } from './starvation/watch/watch-cpu.ts';

const WAIT_MICROS = 5e6;
const breach = { expected: 'event #7', got: 'nothing' };

async function run(finding: Finding) {
  const clock = createSimulatedClock({ startMicros: 0 });
  let attempts = 0;
  const check = {
    ...{ id: 'delivery.test', level: 'must', needs: [], deadlineMillis: 60_000 },
    async run() {
      attempts++;
      return finding;
    },
  } as unknown as Check;
  const inVain = [{ startMicros: 0, endMicros: WAIT_MICROS }];
  const owned = {
    ...{ lab: { target: {}, elapsedMillis: () => 6_000 }, evidence: [], inVain },
    ...{ connections: () => [], wireEntries: () => [], close: async () => {} },
  } as unknown as OwnedLab;
  const cpu: CpuWatch = {
    runner: { worstMillisSince: () => 0, totalMillisSince: () => 0, stop() {} },
    cores: {
      waitsSince: () => [{ startMicros: 0, endMicros: WAIT_MICROS, hubMillis: 4_900, runnerMillis: 0 }],
      stop() {},
    },
    lostMillisSince: () => 0,
    stop() {},
  };
  const { signal } = new AbortController();
  const result = await runCheck({ check, clock, openLab: () => owned, signal, cpu });
  return { attempts, result };
}

it('repeats a check whose finding rests on what had not come, and gives no verdict in the end', async () => {
  for (const made of [fail, warn]) {
    const { attempts, result } = await run(made(breach));
    expect(attempts).toBe(3);
    expect(result).toMatchObject({
      verdict: 'error',
      reason: expect.stringMatching(/^the hub waited 4900 of 5000 ms for a CPU core .*: nothing$/),
    });
    expect(result).not.toHaveProperty('basis');
  }
});

it('doubts a skip for what was late, and no other', async () => {
  const late = { tookMillis: 5_000, allowedMillis: 1_000, fromMillis: 0, toMillis: 5_000 };
  expect((await run(skip('the hub is slow', { basis: late }))).result).toMatchObject({
    verdict: 'error',
    reason: expect.stringMatching(/times cannot be judged: the hub is slow$/),
  });
  expect((await run(skip('not for this hub'))).result.verdict).toBe('skip');
});

it('keeps a failure that rests on what was seen, although the check had waited in vain before', async () => {
  const { attempts, result } = await run(fail(breach, FACTS));
  expect(attempts).toBe(1);
  expect(result).toMatchObject({ verdict: 'fail', ...breach });
  expect(result).not.toHaveProperty('basis');
});
