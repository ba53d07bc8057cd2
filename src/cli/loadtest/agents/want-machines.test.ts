// Which flags of agents go together.
import { expect, it } from 'vitest';
import type { LoadPlan } from '../../../load/plan/plan.ts';
import { mustWantMachines } from './want-machines.ts';

const PLAN = { faults: [], localAddresses: [] } as unknown as LoadPlan;
const want = (values: Record<string, unknown>) => () => mustWantMachines(values as never, PLAN, 1);

it('needs a NATS server for agents, and agents for everything else', () => {
  expect(want({ agents: 1 })).toThrow('--agents: needs --nats URL');
  for (const name of ['nats', 'pool', 'lost-agent', 'publish-from', 'nats-ca'])
    expect(want({ [name]: 'x' })).toThrow(`--${name}: has no effect without --agents N`);
  expect(want({})()).toBeUndefined();
});

it('passes on what is wanted', () => {
  const values = { agents: 3, nats: 'nats://10.0.0.5', workers: 'auto', 'lost-agent': 'continue' };
  expect(want(values)()).toMatchObject({
    ...{ count: 3, pool: 'default', lostAgent: 'continue', workers: undefined },
    access: { server: '10.0.0.5:4222' },
  });
});

it('refuses agents that publish in a run with faults', () => {
  const values = { agents: 3, nats: 'nats://10.0.0.5', 'publish-from': 'agents' } as never;
  expect(mustWantMachines(values, PLAN, 1)).toMatchObject({ publishFrom: 'agents' });
  const plan = { ...PLAN, faults: [{ action: { kind: 'freeze' } }] } as unknown as LoadPlan;
  expect(() => mustWantMachines(values, plan, 1)).toThrow(
    '--publish-from: agents cannot publish in a run with faults; let the coordinator publish',
  );
});
