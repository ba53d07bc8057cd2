// The measurements that need no stalled client, on hubs of which they are known.
import { describe, expect, it } from 'vitest';
import { judgeDefect } from '../../testing/defect-tests/judge-defect.ts';
import { measurementChecks } from './measurement.ts';

type HubOptions = NonNullable<Parameters<typeof judgeDefect>[3]>;

async function judge(defectId: string, id: string, hubOptions: HubOptions = {}) {
  const checks = measurementChecks.filter((check) => check.id === `measurement.${id}`);
  const results = await judgeDefect(defectId, checks, {}, hubOptions);
  return results.get(`measurement.${id}`);
}

describe('the chapter measurement', () => {
  it.each([
    ['correct', 'burst-tolerance', { burstToleranceMessages: { value: 2_000, low: 2_000 } }],
    ['burst-evicts-readers', 'burst-tolerance', { burstToleranceMessages: { value: 65, low: 65, high: 66 } }],
    ['correct', 'inbound-limit', { inboundLimitBytes: { value: 65_536, low: 65_536, high: 65_536 } }],
    ['no-read-limit', 'inbound-limit', { inboundLimitBytes: { value: null, low: 16 * 1024 * 1024 } }],
    ['large-payload-lost', 'largest-message', { largestMessageBytes: { high: 512 * 1024 } }],
  ])('measures of %s in %s: %j', { timeout: 60_000 }, async (defectId, id, measurements) => {
    const result = await judge(defectId, id);
    expect(result).toMatchObject({ verdict: 'pass', measurements });
  });

  it('finds the period of pings', { timeout: 60_000 }, async () => {
    const result = await judge('correct', 'server-ping', { pingIntervalMillis: 400 });
    const millis = Number(result?.measurements.serverPingMillis?.value);
    expect(millis).toBeGreaterThan(100);
    expect(millis).toBeLessThan(3_000);
  });

  it('warns of clients that are registered late, and not of others', { timeout: 60_000 }, async () => {
    expect(await judge('register-late', 'register-race')).toMatchObject({ verdict: 'warn' });
    expect(await judge('correct', 'register-race')).toMatchObject({
      verdict: 'pass',
      measurements: { registerRacePercent: { value: 0, low: 0 } },
    });
  });
});
