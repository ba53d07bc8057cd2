// What a hub reports about the runtime it runs on.
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createHub } from './hub.ts';

function hubOn(handle: object) {
  // `listening` of a Node server is whether it has a handle.
  const server = Object.assign(createServer(), { _handle: handle });
  const warnings: string[] = [];
  const logger = { info() {}, warn: (message: string) => void warnings.push(message) };
  const hub = createHub({ server, pingIntervalMillis: 0, logger });
  return { hub, warnings };
}

describe('createHub', () => {
  it('warns and shows in its stats that the runtime hides partly taken writes', async () => {
    const { hub, warnings } = hubOn({});
    expect(warnings).toEqual([expect.stringContaining('evicted up to one write early')]);
    expect(hub.stats().hasUnsentBytes).toBe(false);
    await hub.stop();
  });

  it('is silent where the runtime shows them', async () => {
    const { hub, warnings } = hubOn({ writeQueueSize: 0 });
    expect(warnings).toEqual([]);
    expect(hub.stats().hasUnsentBytes).toBe(true);
    await hub.stop();
  });
});
