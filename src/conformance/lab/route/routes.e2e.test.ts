// Correct hubs with unusual broadcast routes: no check blames the hub for its route, and each says what it could not see.
import { describe, expect, it } from 'vitest';
import { startHttpTarget } from '../../../target/http/http-target.ts';
import type { HookableHub } from '../../../testing/hub/hookable-hub.ts';
import type { HubChange } from '../../../testing/hub/hub-hooks.ts';
import { type RunningHub, startHub } from '../../../testing/hub/start-hub.ts';
import { startDefectiveHub } from '../../../testing/registry.ts';
import { takesMillis } from '../../../testing/routes/correct-routes.ts';
import { CHECKS } from '../../registry.ts';
import { runChecks } from '../../run/runner.ts';
import { DEFAULT_SETTINGS } from '../../run/settings.ts';

const TIMEOUT = { timeout: 90_000 };
const BURSTS = ['delivery.burst-survived', 'delivery.flood-without-gap', 'slow-client.burst-of-a-buffer'];

async function judge(hub: RunningHub, ids: readonly string[]) {
  try {
    const start = await startHttpTarget({ url: hub.url, broadcastUrl: hub.broadcastUrl });
    if (!start.ok) throw new Error(start.problem);
    const checks = CHECKS.filter(({ id }) => ids.includes(id));
    const settings = { ...DEFAULT_SETTINGS, waitMillis: 5_000 };
    const { results } = await runChecks({ checks, target: start.target, settings });
    await start.target.close();
    return Object.fromEntries(results.map((result) => [result.id, result]));
  } finally {
    await hub.close();
  }
}

describe('checks', () => {
  it('of bursts say that none reached a hub that takes one event a request', TIMEOUT, async () => {
    const results = await judge(await startDefectiveHub('route-one-each'), BURSTS);
    for (const id of BURSTS)
      expect(results[id]).toMatchObject({
        verdict: 'skip',
        reason: expect.stringContaining('no burst reached the hub, which takes one event a request'),
      });
  });

  it('of bursts still find what is lost of events in requests of their own', TIMEOUT, async () => {
    let count = 0;
    const loses: HubChange<HookableHub> = (_hub, correct) => ({
      async publish(texts) {
        await correct.publish(texts);
        return { status: 202, body: {} };
      },
      fanOut: (message) => (++count % 100 === 0 ? undefined : correct.fanOut(message)),
    });
    const id = 'delivery.flood-without-gap';
    expect((await judge(await startHub(loses), [id]))[id]).toMatchObject({ verdict: 'fail' });
  });

  it('use events that a hub takes which refuses more than 8 KiB', TIMEOUT, async () => {
    const ids = ['robustness.pings-under-load', 'delivery.large-among-small'];
    const results = await judge(await startDefectiveHub('route-8-kib'), ids);
    for (const id of ids) expect(results[id]).toMatchObject({ verdict: 'pass' });
  });

  it('evict a client on a route of 40 ms with several requests at the same time', TIMEOUT, async () => {
    const ids = ['slow-client.evicted', 'slow-client.contiguous-prefix'];
    const results = await judge(await startDefectiveHub('route-40-ms'), ids);
    for (const id of ids) expect(results[id]).toMatchObject({ verdict: 'pass' });
  });

  it('say what a slow route takes and what they need, where there is no time for them', TIMEOUT, async () => {
    const many = 'delivery.thousand-events-to-one';
    const results = await judge(await startHub(takesMillis(300)), [many, 'delivery.prompt']);
    expect(results[many]).toMatchObject({
      verdict: 'skip',
      outOfTime: true,
      reason: expect.stringContaining('ms for an event: the check needs at least 1100 events'),
    });
    expect(results['delivery.prompt']).toMatchObject({
      verdict: 'skip',
      reason: expect.stringContaining('which hides what the hub takes'),
    });
  });
});
