// The shipped scenarios, as the protocol's tables say.
import { listShippedScenarios, loadScenario } from '../../../scenario/load-scenario.ts';
import { runTimeline } from '../../../scenario/timeline.ts';
import type { Check } from '../../check.ts';
import { error, pass } from '../../finding.ts';
import { findFirstBreach } from '../delivery/account.ts';

const [EVENTS_EACH, FEWEST_EVENTS_EACH] = [40, 1];

export const scenariosArrive: Check = {
  id: 'lifecycle.scenarios-arrive',
  chapter: 'lifecycle',
  title: 'deploys, restarts, scaling and functions arrive event by event as published',
  level: 'must',
  clause: {
    source: 'protocol: Event Types',
    quote: 'deploy.step: Pipeline step starts, completes, or fails',
  },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'Every documented event type, with the fields and the order of a real pipeline: 40 events of each shipped scenario (fewer where the hub is slow) are published and must reach two clients with their content, in order.',
  isolation: 'shared',
  async run(lab) {
    const clients = await lab.witnesses(2);
    const expected: number[] = [];
    const names = listShippedScenarios();
    const count = lab.affordable({
      wanted: EVENTS_EACH * names.length,
      fewest: FEWEST_EVENTS_EACH * names.length,
    });
    for (const name of names) {
      const scenario = loadScenario(name);
      if (!scenario.ok) return error(scenario.problem);
      const timeline = runTimeline([scenario.value], { seed: lab.settings.seed });
      const shapes = Array.from(
        { length: Math.floor(count / names.length) },
        () => timeline.next().value.envelope,
      );
      const events = await lab.publish(shapes, clients);
      expected.push(...events.map(({ sequence }) => sequence));
    }
    return findFirstBreach(clients, expected) ?? pass();
  },
};
