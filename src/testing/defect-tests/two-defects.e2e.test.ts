// Hubs with two defects at once: both are named, each as a cause of its own.
import { expect, it } from 'vitest';
import { foldCauses } from '../../conformance/causes/fold-causes.ts';
import { CHECKS } from '../../conformance/registry.ts';
import { createLanes } from '../lanes.ts';
import { judgeDefect } from './judge-defect.ts';
import { untilDecided } from './until-decided.ts';

const PAIRS: readonly (readonly [hub: string, ...checks: string[]])[] = [
  ['null-origin+mojibake', 'origin.null-refused', 'envelope.unicode'],
  ['origin-equals-host+history-replay', 'origin.same-host-refused', 'delivery.no-history'],
  ['never-evict+reserved-bits-accepted', 'slow-client.evicted', 'robustness.reserved-bits-refused'],
  ['missing-key-accepted+html-escaped', 'handshake.key-required', 'envelope.escapes'],
  ['binary-opcode+ping-unanswered', 'envelope.text-messages', 'robustness.pings-answered'],
];
const SETTINGS = { waitMillis: 1_500, kickDeadlineMillis: 1_500 };
const inLane = createLanes(3);

it.concurrent.each(PAIRS)(
  '%s fails %s and %s, and both are named',
  { timeout: 150_000 },
  async (hub, ...ids) => {
    const checks = CHECKS.filter(({ id }) => ids.includes(id));
    const results = await inLane(() =>
      untilDecided(
        () => judgeDefect(hub, checks, SETTINGS, { evictionGraceMillis: 5_000 }),
        (found) => [...found.values()].some(({ verdict }) => verdict === 'error'),
      ),
    );
    const named = foldCauses([...results.values()]).map(({ decisive }) => decisive);
    expect(named.sort()).toEqual([...ids].sort());
  },
);
