// Hubs that differ from the correct one in a legal way, or in a way that another check judges: checks that are not about
// the difference do not fail them.
import { describe, expect, it } from 'vitest';
import { startHttpTarget } from '../../target/http/http-target.ts';
import type { HookableHub } from '../../testing/hub/hookable-hub.ts';
import type { HubChange } from '../../testing/hub/hub-hooks.ts';
import { startHub } from '../../testing/hub/start-hub.ts';
import { CHECKS } from '../registry.ts';
import { runChecks } from '../run/runner.ts';
import { DEFAULT_SETTINGS } from '../run/settings.ts';

const TIMEOUT = { timeout: 60_000 };

async function judge(change: HubChange<HookableHub>, ...ids: string[]) {
  const hub = await startHub(change);
  try {
    const start = await startHttpTarget({ url: hub.url, broadcastUrl: hub.broadcastUrl });
    if (!start.ok) throw new Error(start.problem);
    const checks = CHECKS.filter(({ id }) => ids.includes(id));
    const settings = { ...DEFAULT_SETTINGS, waitMillis: 3_000 };
    const { results } = await runChecks({ checks, target: start.target, settings });
    await start.target.close();
    return results;
  } finally {
    await hub.close();
  }
}

describe('checks', () => {
  it('find legal frames where the hub leaves out an empty appId', TIMEOUT, async () => {
    const results = await judge(
      (_hub, correct) => ({ encode: (text) => correct.encode(text.replace('"appId":"",', '')) }),
      'envelope.legal-frames',
    );
    expect(results).toMatchObject([{ verdict: 'pass' }]);
  });

  it('pass a hub that ignores offered subprotocols, and warn of one that refuses them', TIMEOUT, async () => {
    const id = 'handshake.no-unrequested-subprotocol';
    expect(await judge(() => ({}), id)).toMatchObject([{ verdict: 'pass' }]);
    const refuses: HubChange<HookableHub> = (_hub, correct) => ({
      refuseHandshake: (request) =>
        request.headers['sec-websocket-protocol'] === undefined
          ? correct.refuseHandshake(request)
          : { status: 400, body: 'unsupported subprotocol' },
    });
    expect(await judge(refuses, id)).toMatchObject([
      { verdict: 'warn', got: expect.stringContaining('HTTP 400') },
    ]);
  });

  it('are blocked by the check of the origin rule where their Origin is refused', TIMEOUT, async () => {
    const results = await judge(
      () => ({ isOriginAllowed: (values) => values.length === 0 }),
      'origin.defaults-allowed',
      'delivery.many-from-one-address',
    );
    expect(Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]))).toEqual({
      'origin.defaults-allowed': 'fail',
      'delivery.many-from-one-address': 'skip',
    });
    const blocked = results.find(({ verdict }) => verdict === 'skip');
    expect(blocked?.reason).toMatch(/^blocked by origin\.defaults-allowed: Origin: http:\/\/localhost:5173/);
  });
});
