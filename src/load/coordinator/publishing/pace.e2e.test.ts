// A plan that no publisher can reach ends on time: what was not sent is not generated either.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadHub } from '../../../library/load-hub.ts';
import { startReferenceTarget } from '../../../target/spawn/reference.ts';
import type { Target } from '../../../target/target.ts';

const TIMEOUT_MILLIS = 40_000;
/** One second is planned; a publisher that sent its whole backlog takes far longer. */
const MAX_STEADY_MILLIS = 10_000;
let hub: Target;
beforeAll(async () => {
  const started = await startReferenceTarget();
  if (!started.ok) throw new Error(started.problem);
  hub = started.target;
});
afterAll(() => hub.close());

describe('a scenario at a million times its speed', () => {
  it('is inconclusive and ends about when it should', { timeout: TIMEOUT_MILLIS }, async () => {
    const result = await loadHub({
      url: hub.url,
      broadcastUrl: hub.url.replace(/^ws(.*)\/ws$/, 'http$1/broadcast'),
      cohorts: ['fast=2'],
      speed: 1_000_000,
      durationMillis: 1_000,
      warmupMillis: 500,
      workers: 1,
    });
    // Which of the two was slower depends on the machine; src/load/result/findings/pace.test.ts tells them apart.
    expect(result).toMatchObject({ verdict: 'inconclusive' });
    expect(result.pace?.limitedBy).toMatch(/^(generator|route)$/);
    expect(result.pace?.askedPerSecond).toBeGreaterThan(100_000);
    const startOf = (phase: string) => result.phases?.find(({ name }) => name === phase)?.fromMillis ?? 0;
    expect(startOf('drain') - startOf('steady')).toBeLessThan(MAX_STEADY_MILLIS);
  });
});
