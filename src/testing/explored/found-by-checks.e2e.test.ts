// Hubs that only exploring found: checks take in the factor that shows each, and pass the correct hub with it.
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../conformance/registry.ts';
import { judgeDefect } from '../defect-tests/judge-defect.ts';
import { CORRECT_HUB_ID } from '../registry.ts';

const FOUND: Readonly<Record<string, string>> = {
  'deflate-keeps-window': 'envelope.compressed-readable',
  'large-compressed-aside': 'envelope.compressed-readable',
  'origin-of-forwarded-host': 'origin.same-host-refused',
  'full-headers-unregistered': 'delivery.every-client-once-in-order',
  'misses-after-3000': 'delivery.thousand-events-to-one',
  'stalled-sender-kept': 'slow-client.evicted',
  'limit-once-per-request': 'slow-client.evicted',
  'client-513-crashes': 'robustness.two-hundred-dials',
  'keys-merged-by-case': 'envelope.nested-values',
  'late-join-leaks': 'lifecycle.nothing-leaks',
};

/** What the protocol is silent on. */
const WARNED: Readonly<Record<string, string>> = {
  'inbound-limit-compressed': 'robustness.fragments-limited',
};

const verdictsOf = async (hub: string, ids: readonly string[]) => {
  const checks = CHECKS.filter(({ id }) => ids.includes(id));
  return [...(await judgeDefect(hub, checks)).values()].map(({ id, verdict }) => `${id}: ${verdict}`);
};

describe('a hub that exploring found', () => {
  it.each(Object.entries(FOUND))('is found by a check: %s', { timeout: 60_000 }, async (hub, check) => {
    expect(await verdictsOf(hub, [check])).toEqual([`${check}: fail`]);
  });

  it.each(Object.entries(WARNED))('is warned of by a check: %s', { timeout: 60_000 }, async (hub, check) => {
    expect(await verdictsOf(hub, [check])).toEqual([`${check}: warn`]);
  });
});

describe('the correct hub', () => {
  it('passes these checks', { timeout: 60_000 }, async () => {
    const ids = [...new Set([...Object.values(FOUND), ...Object.values(WARNED)])];
    const verdicts = await verdictsOf(CORRECT_HUB_ID, ids);
    expect(verdicts.toSorted()).toEqual(ids.map((id) => `${id}: pass`).toSorted());
  });
});
