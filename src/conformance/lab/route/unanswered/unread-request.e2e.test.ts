// A request that ended with its connection before the hub had it: each event arrives once all the same.
import { connect, createServer, type Server } from 'node:net';
import { expect, it } from 'vitest';
import { startHttpTarget } from '../../../../target/http/http-target.ts';
import { startHub } from '../../../../testing/hub/start-hub.ts';
import { systemClock } from '../../../../time/clock.ts';
import { DEFAULT_SETTINGS } from '../../../run/settings.ts';
import { createRouteTimes } from '../../../run/waits/route-times.ts';
import { createWaitAllowance } from '../../../run/waits/wait-allowance.ts';
import { openLab } from '../../open-lab.ts';
import { createSharedWindow } from '../../window/shared-window.ts';
import { createEventLimit } from '../event-limit.ts';

/** Passes everything on to the port, and resets a connection at its second request while `cuts` returns true. */
function startCutter(port: number, cuts: () => boolean): Promise<Server> {
  const server = createServer((client) => {
    const hub = connect(port, '127.0.0.1');
    let isAnswered = false;
    hub.on('data', (bytes) => {
      isAnswered = true;
      client.write(bytes);
    });
    client.on('data', (bytes) => {
      if (isAnswered && cuts()) client.resetAndDestroy();
      else hub.write(bytes);
    });
    for (const [from, to] of [
      [client, hub],
      [hub, client],
    ] as const) {
      from.on('error', () => {});
      from.on('close', () => to.destroy());
    }
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

it('an event whose request the hub has not read is sent again, once', { timeout: 30_000 }, async () => {
  const hub = await startHub(undefined);
  let isCutting = false;
  let cuts = 0;
  const cutter = await startCutter(hub.port, () => isCutting && ++cuts > 0);
  const { port } = cutter.address() as { port: number };
  const start = await startHttpTarget({ url: hub.url, broadcastUrl: `http://127.0.0.1:${port}/broadcast` });
  if (!start.ok) throw new Error(start.problem);
  const owned = openLab({
    ...{ checkId: 'delivery.test', seriesName: 'unread', target: start.target, settings: DEFAULT_SETTINGS },
    ...{ allowance: createWaitAllowance(10_000), route: createRouteTimes(), limit: createEventLimit() },
    eventWindow: createSharedWindow({ limit: 32, runPrefix: 'unread', clock: systemClock }),
    ...{ clock: systemClock, isAlone: true, signal: new AbortController().signal },
  });
  try {
    const { lab } = owned;
    const witness = await lab.witness();
    // The connection is kept: this request is its first, or not.
    await lab.publish([{}, {}], [witness]);
    isCutting = true;
    await lab.publish([{}], [witness]);
    isCutting = false;
    await lab.publish([{}], [witness]);
    expect(cuts).toBe(1);
    expect(witness.record.sequences).toEqual([0, 1, 2, 3]);
  } finally {
    await owned.close();
    await start.target.close();
    cutter.close();
    await hub.close();
  }
});
