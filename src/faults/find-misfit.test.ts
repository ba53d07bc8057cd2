// Each fault on each kind of target: which can work, and what is said of the others.
import { describe, expect, it } from 'vitest';
import { createExternalTarget } from '../target/external.ts';
import { createObserveTarget } from '../target/observe.ts';
import type { Target } from '../target/target.ts';
import { findMisfit, hubsOfFault } from './find-misfit.ts';
import type { Fault } from './language/fault.ts';
import { parseFault } from './language/fault-language.ts';

const EACH = [
  'restart at=1s',
  'kill at=1s',
  'rolling-restart at=1s',
  'freeze at=1s for=1s',
  'drop at=1s',
  'partition at=1s for=1s',
  'latency at=1s for=1s add=1ms',
  'bandwidth at=1s for=1s rate=1KiB/s',
  'exec=true at=1s',
];
const faultOf = (text: string) => (parseFault(text) as { readonly value: Fault }).value;
const driver = {
  abilities: { broadcast: true, batch: true, stats: false, missing: {} },
} as unknown as Parameters<typeof createExternalTarget>[0]['driver'];
const running = createExternalTarget({ adapter: 'http', url: 'ws://127.0.0.1:1/ws', driver });
const withPid = createExternalTarget({ adapter: 'http', url: 'ws://127.0.0.1:1/ws', driver, hubPid: 4_711 });
const spawned = {
  abilities: { broadcast: true, restart: true, missing: {} },
  pids: () => [1],
} as unknown as Target;
const adapter = {
  abilities: { broadcast: true, restart: false, missing: { restart: 'the adapter a.mjs has no restart' } },
} as unknown as Target;

const refusedBy = (target: Target) =>
  EACH.filter((text) => findMisfit([faultOf(text)], target) !== undefined);

describe('findMisfit', () => {
  it.each<[string, Target, string[]]>([
    ['a hub that the kit starts', spawned, []],
    ['a running hub', running, EACH.slice(0, 4)],
    ['a running hub with --pid', withPid, EACH.slice(0, 3)],
    ['an adapter without restart', adapter, EACH.slice(0, 4)],
    ['a hub that is only observed', createObserveTarget('ws://127.0.0.1:1/ws', 'only observed'), EACH],
  ])('refuses of %s what cannot work', (_, target, refused) => {
    expect(refusedBy(target)).toEqual(refused);
  });

  it('says why, where, and what to use instead', () => {
    const two = { abilities: spawned.abilities, hubs: [spawned, running] } as unknown as Target;
    expect(findMisfit([faultOf('restart at=1s target=2')], two)).toBe(
      `"restart at=1s target=2" cannot work at target 2: the kit did not start this hub (use --spawn); or use drop or partition, which work with any hub, or let exec='CMD' restart it`,
    );
    expect(findMisfit([faultOf('freeze at=1s for=1s')], running, { pid: 'pid' })).toBe(
      '"freeze at=1s for=1s" cannot work: the process of the hub is not known (use pid); or use partition, which works with any hub',
    );
    expect(
      findMisfit([faultOf('drop at=1s')], createObserveTarget('ws://127.0.0.1:1/ws', 'it is only observed')),
    ).toBe('"drop at=1s" cannot be measured without events: it is only observed');
  });

  it('asks each hub that the fault is for', () => {
    expect(hubsOfFault(faultOf('restart at=1s'), 3)).toEqual([0]);
    expect(hubsOfFault(faultOf('restart at=1s target=3'), 3)).toEqual([2]);
    expect(hubsOfFault(faultOf('drop at=1s'), 3)).toEqual([0, 1, 2]);
  });
});
