// The faults of a plan, against the rest of it.
import { describe, expect, it } from 'vitest';
import { createPlan } from '../plan/create-plan.ts';
import { type FaultWords, planFaults } from './plan-faults.ts';

const plan = (words: Partial<FaultWords>) =>
  planFaults({ faults: [], scenarios: [], durationMillis: 30_000, hubs: 1, ...words });

describe('the faults of a plan', () => {
  it('are those of the plan, then those of its scenarios', () => {
    const scenarios = [
      { name: 'quiet' },
      { name: 'bad-night', faults: ['freeze at=5s for=1s', 'restart at=9s'] },
    ];
    const planned = plan({ faults: ['drop at=2s'], scenarios });
    expect(planned.ok && planned.value.map(({ kind }) => kind)).toEqual(['drop', 'freeze', 'restart']);
  });

  it.each<[Partial<FaultWords>, string]>([
    [{ faults: ['restart at=30s'] }, '"restart at=30s" would never begin: the measured time is 30 s'],
    [{ faults: ['kill at=1s target=2'] }, 'there is 1 hub, so target= is 1'],
    [{ faults: ['kill at=1s target=4'], hubs: 3 }, 'there are 3 hubs, so target= is 1 to 3'],
    [{ faults: ['start target=2 at=1s'] }, 'give several hubs, which share their events'],
    [
      { faults: ['start target=1 at=1s'], hubs: 2 },
      'the first hub runs from the start; give target=2 or above',
    ],
    [{ faults: ['start target=2 at=1s', 'start target=2 at=2s'], hubs: 2 }, 'this hub is started twice'],
    [
      { faults: ['start target=2 at=2s', 'rolling-restart at=1s'], hubs: 2 },
      '"rolling-restart at=1s" comes before "start target=2 at=2s", when this hub does not run',
    ],
    [{ faults: ['rolling-restart at=1s'] }, 'restarts several hubs one after another, and there is 1 hub'],
  ])('cannot be %j', (words, problem) => {
    expect(plan(words)).toMatchObject({
      ok: false,
      field: 'faults',
      problem: expect.stringContaining(problem),
    });
  });

  it('name the scenario that they come from where they are wrong', () => {
    const scenarios = [{ name: 'bad-night', faults: ['restart at=40s'] }];
    expect(plan({ scenarios })).toMatchObject({
      ok: false,
      field: 'scenarios',
      problem: expect.stringContaining('bad-night: "restart at=40s" would never begin'),
    });
  });

  it('run a command only where that is allowed', () => {
    const faults = ["exec='make deploy' at=5s"];
    expect(createPlan({ faults })).toEqual({
      ok: false,
      field: 'allowExec',
      problem: `needed for "exec='make deploy' at=5s", which runs a command`,
    });
    expect(createPlan({ faults, allowExec: true })).toMatchObject({ ok: true });
  });
});
