// The depth of a buffer without a small window, and through an adapter that takes no large events: an interval then.
import { describe, expect, it } from 'vitest';
import { startHttpTarget } from '../../../../target/http/http-target.ts';
import type { Target } from '../../../../target/target.ts';
import { startDefectiveHub } from '../../../../testing/registry.ts';
import type { ReceiveWindow } from '../../../../wire/connection.ts';
import { hasSmallWindow } from '../../../../wire/kernel/small-window-socket.ts';
import type { Check } from '../../../check.ts';
import { pass } from '../../../finding.ts';
import { runChecks } from '../../../run/runner.ts';
import { DEFAULT_SETTINGS } from '../../../run/settings.ts';
import { type BufferMeasured, measureBuffer } from './buffer-of-any-hub.ts';
import { clientBuffer } from './client-buffer.ts';

const PATIENCE_MILLIS = 150_000;

async function measure(window: ReceiveWindow, depth: number, mostBytes: number): Promise<BufferMeasured> {
  const hub = await startDefectiveHub('correct', { clientBufferMessages: depth });
  try {
    const start = await startHttpTarget({ url: hub.url, broadcastUrl: hub.broadcastUrl });
    if (!start.ok) throw new Error(start.problem);
    let measured: BufferMeasured | undefined;
    const check: Check = {
      ...clientBuffer,
      async run(lab) {
        measured = await measureBuffer(lab, window);
        return pass();
      },
    };
    const target = refuseAbove(start.target, mostBytes);
    const { results } = await runChecks({ checks: [check], target, settings: DEFAULT_SETTINGS });
    await start.target.close();
    if (measured === undefined) throw new Error(JSON.stringify(results));
    return measured;
  } finally {
    await hub.close();
  }
}

/** "Unsteady" is an honest answer of a machine that is busy with something else: asked again. A number is believed. */
async function measureSteadily(window: ReceiveWindow, depth: number, mostBytes: number) {
  let measured = await measure(window, depth, mostBytes);
  const until = Date.now() + PATIENCE_MILLIS;
  while (measured.found.kind === 'unsteady' && Date.now() < until)
    measured = await measure(window, depth, mostBytes);
  return measured;
}

function refuseAbove(target: Target, mostBytes: number): Target {
  return {
    ...target,
    async broadcast(texts, options) {
      const tooLarge = texts.find((text) => text.length > mostBytes);
      if (tooLarge === undefined) return target.broadcast(texts, options);
      return { ok: false, kind: 'refused', problem: `${tooLarge.length} B are too much` };
    },
  };
}

describe('measureBuffer', () => {
  it.each([
    ['default', 20, 8 * 1024 * 1024],
    ...(hasSmallWindow() ? ([['small', 40, 40 * 1024]] as const) : []),
  ] as const)(
    'with a %s window holds a buffer of %i in an interval, where events of up to %i B are taken',
    {
      timeout: 240_000,
    },
    async (window, depth, mostBytes) => {
      const measured = await measureSteadily(window, depth, mostBytes);
      expect(measured.found).toMatchObject({ kind: expect.not.stringMatching('unsteady') });
      expect(measured.depth?.low).toBeLessThanOrEqual(depth);
      expect(measured.depth?.high).toBeGreaterThanOrEqual(depth);
      expect((measured.depth?.high ?? 1_000) - (measured.depth?.low ?? 0)).toBeLessThanOrEqual(16);
    },
  );
});
