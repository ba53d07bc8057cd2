// Agents, hub and coordinator on hosts of their own, as network namespaces that the test makes: the counts of one machine.
import { afterEach, describe, expect, it } from 'vitest';
import type { LoadtestResult } from '../../load/result/result.ts';
import { isNatsMissing } from '../nats-server.ts';
import { type HostsLoad, openHosts, whyNoOwnClocks } from './load-hosts.ts';
import { whyNoNetwork } from './network.ts';

const problem = whyNoNetwork() ?? (isNatsMissing ? 'there is no nats-server' : undefined);
const TIMEOUT_MILLIS = 180_000;
const opened: HostsLoad[] = [];
/**
 * What does not depend on time: how many events a run publishes depends on when all have joined, and on a busy machine on whether the
 * last one leaves before the end.
 */
function countsOf({ ledger, cohorts }: LoadtestResult) {
  const { published, expected, received, foreign: _, ...others } = ledger;
  const clients = cohorts.reduce((sum, cohort) => sum + cohort.clients, 0);
  const deliveries = cohorts.reduce((sum, { latencyMicros }) => sum + latencyMicros.count, 0);
  const [owed, got] = [expected / published, received / published];
  return { ...others, clients, owed, got, isMeasuredByAll: deliveries > 0 && deliveries % clients === 0 };
}

afterEach(() => {
  for (const hosts of opened.splice(0)) hosts.close();
});

describe.skipIf(problem !== undefined)(
  `hosts${problem === undefined ? '' : ` (skipped: ${problem})`}`,
  () => {
    it('with an agent each count what one machine counts', { timeout: TIMEOUT_MILLIS }, async () => {
      const hosts = await openHosts({ agents: ['a', 'b', 'c'], hubs: 1 });
      opened.push(hosts);
      const plan = ['--clients', '90', '--rate', '50', '--duration', '2s', '--warmup', '0s', '--ramp', '500'];
      const args = [...plan, '--seed', '7', '--workers', '1', '--threshold', 'lost==0'];
      const { result } = await hosts.load(args, { withAgents: true });
      expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(result.agents?.map(({ name, clients }) => [name, clients])).toEqual(
        ['a', 'b', 'c'].map((name) => [name, 30]),
      );
      const alone = await hosts.load(args, { withAgents: false });
      expect(alone.result.agents).toBeUndefined();
      expect(countsOf(result)).toEqual(countsOf(alone.result));
      expect(countsOf(result)).toMatchObject({
        ...{ clients: 90, owed: 90, got: 90, lost: 0 },
        ...{ balanced: true, isMeasuredByAll: true },
      });
    });

    const noClocks = problem === undefined ? whyNoOwnClocks() : undefined;
    it.skipIf(noClocks !== undefined)(
      `whose clocks are not the same publish in turn, each for clients of its own${noClocks === undefined ? '' : ` (skipped: ${noClocks})`}`,
      { timeout: TIMEOUT_MILLIS },
      async () => {
        const hosts = await openHosts({ agents: ['a', 'b', 'c'], hubs: 1, haveOwnClocks: true });
        opened.push(hosts);
        const plan = [
          '--clients',
          '30',
          '--rate',
          '50',
          '--duration',
          '6s',
          '--warmup',
          '0s',
          '--workers',
          '1',
        ];
        const { result } = await hosts.load([...plan, '--publish-from', 'agents'], { withAgents: true });
        expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(result.ledger).toMatchObject({ lost: 0, balanced: true });
        for (const agent of result.agents ?? []) {
          expect(agent.clockErrorMicros).toBeGreaterThan(0);
          expect([agent.clockContradictions, agent.impossibleLatencies]).toEqual([undefined, undefined]);
        }
        const { own, lower, upper } = result.cohorts[0]?.latencyBoundsMicros ?? {};
        // A third of the clients is beside the publisher; on a busy machine the coordinator publishes what an agent accepts too late.
        expect(own?.count).toBeLessThanOrEqual(10 * (result.publishing?.byAgents ?? 0));
        expect(own?.count).toBeGreaterThan(0);
        expect(own?.count).toBeLessThanOrEqual((upper?.count ?? 0) / 3);
        expect(lower?.p50).toBeLessThan(upper?.p50 ?? 0);
      },
    );
  },
);
