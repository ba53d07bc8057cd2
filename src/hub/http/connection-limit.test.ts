// Connections that the hub cannot accept are reported once, and then once for each period.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { createRefusedConnections } from './connection-limit.ts';

describe('createRefusedConnections', () => {
  it('writes one line at once and one for each ten seconds', async () => {
    const clock = createSimulatedClock();
    const lines: string[] = [];
    const refused = createRefusedConnections({ info() {}, warn: (line) => lines.push(line) }, clock);
    for (let i = 0; i < 1_000; i++) refused.add('no descriptors');
    expect(lines).toEqual(['could not accept a connection: no descriptors']);
    await clock.advanceAsync(10_000);
    expect(lines.at(-1)).toBe('could not accept 999 more connections: no descriptors');
    await clock.advanceAsync(60_000);
    expect(lines).toHaveLength(2);
    refused.close();
  });
});
