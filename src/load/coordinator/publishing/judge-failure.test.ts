// Who is blamed for a request that failed.
import { expect, it } from 'vitest';
import type { BroadcastOutcome, Target } from '../../../target/target.ts';
import { createSimulatedClock } from '../../../testing/simulated/simulated-clock.ts';
import { Publisher } from '../publisher.ts';
import type { RunContext } from '../run-context.ts';
import { judgePublishFailure } from './judge-failure.ts';

const UNREACHABLE: BroadcastOutcome = {
  ...{ ok: false, kind: 'unreachable', problem: 'agent a1: POST http://hub/broadcast: no route' },
};

async function stopOf(hasAgentFailed: boolean, ofCoordinator: BroadcastOutcome) {
  const target = { broadcast: async () => ofCoordinator } as unknown as Target;
  const publisher = new Publisher(target, 'r', createSimulatedClock());
  Object.assign(publisher, { failure: UNREACHABLE, hasAgentFailed });
  const stops: [string, string][] = [];
  const control = { stop: undefined, stopEarly: (by: string, why: string) => stops.push([by, why]) };
  await judgePublishFailure({ publisher, control } as unknown as RunContext);
  return stops;
}

it('blames nobody where an agent does not reach a hub that answers the coordinator', async () => {
  expect(await stopOf(true, { ok: true, accepted: 1 })).toEqual([
    ['kit', `the hub answers the coordinator, but not an agent: ${UNREACHABLE.problem}`],
  ]);
});

it('blames the hub where nobody reaches it, or the coordinator did not', async () => {
  const expected = [['target', `the hub stopped taking broadcasts: ${UNREACHABLE.problem}`]];
  expect(await stopOf(true, UNREACHABLE)).toEqual(expected);
  expect(await stopOf(false, { ok: true, accepted: 1 })).toEqual(expected);
});
