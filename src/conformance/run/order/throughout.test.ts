// How long checks listen that run throughout, and again when they did not pass.
import { describe, expect, it } from 'vitest';
import { buildCheckResult } from '../../../testing/builders/conformance-result-builder.ts';
import { CHECKS } from '../../registry.ts';
import { SAME_AGE } from '../../result.ts';
import type { Listening } from './listening.ts';
import { listenThroughout } from './throughout.ts';

const check = CHECKS.find(({ turn }) => turn === 'throughout') as (typeof CHECKS)[number];

describe('listenThroughout', () => {
  it('lets checks go on until somebody waits for them, and again for longer than it took to fail', async () => {
    let first: Listening | undefined;
    const again: Listening[] = [];
    const settle = listenThroughout([check], {
      async run(_check, listening) {
        first = listening;
        await new Promise<void>((resolve) => {
          listening.awaited.addEventListener('abort', () => resolve());
        });
        return buildCheckResult({ id: check.id, verdict: 'fail', durationMs: 15_000 });
      },
      report() {
        throw new Error('what failed once is not reported');
      },
      async again(_check, listening) {
        again.push(listening);
      },
    });
    await Promise.resolve();
    expect(first).toMatchObject({ leastMillis: 0, awaited: { aborted: false } });
    await settle();
    expect(again).toMatchObject([{ leastMillis: 18_750, awaited: { aborted: true } }]);
  });

  it('reports at once what two clients of different age have shown', async () => {
    const failed = buildCheckResult({
      id: check.id,
      verdict: 'fail',
      durationMs: 30_000,
      evidence: [SAME_AGE],
    });
    const reported: unknown[] = [];
    const settle = listenThroughout([check], {
      run: async () => failed,
      report: (result) => void reported.push(result),
      async again() {
        throw new Error('it is not run again');
      },
    });
    await settle();
    expect(reported).toEqual([failed]);
  });
});
