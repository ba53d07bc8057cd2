// From where clients connect: this machine plans it for its own clients, and never for those on other machines.
import { expect, it } from 'vitest';
import { createObserveTarget } from '../../../target/observe.ts';
import type { Fleet } from '../../coordinator/workers/fleet.ts';
import { createPlan } from '../../plan/create-plan.ts';
import { reachHubs } from './reach-hubs.ts';

const created = createPlan({ clients: 100_000 });
if (!created.ok) throw new Error(created.problem);
const plan = created.value;

it('leaves clients on other machines to look up and to count for themselves', async () => {
  const target = createObserveTarget('ws://192.0.2.9:8800/ws', 'no reason');
  expect(await reachHubs({ plan, target, fleet: {} as Fleet })).toEqual({ ok: true, value: [] });
});

// Only Linux says how many ports there are, and has all of 127.0.0.0/8.
it.skipIf(process.platform !== 'linux')('counts the ports of this machine for its own', async () => {
  const far = createObserveTarget('ws://192.0.2.9:8800/ws', 'no reason');
  expect(await reachHubs({ plan, target: far, fleet: undefined })).toMatchObject({
    problem: expect.stringContaining('100000 clients connect to ws://192.0.2.9:8800/ws'),
  });
  const near = createObserveTarget('ws://127.0.0.1:8800/ws', 'no reason');
  expect(await reachHubs({ plan, target: near, fleet: undefined })).toMatchObject({
    value: [{ addresses: [{ address: '127.0.0.1' }], sources: expect.arrayContaining(['127.0.0.2']) }],
  });
});
