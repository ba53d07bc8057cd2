#!/usr/bin/env node
// npm run hosts -- [--agents 3] [--clients 6000] [--hubs 1] [--seed 1] [--alone] [--own-clocks]
// [--publish-from coordinator|agents] [-- OPTIONS]: agents, hubs and coordinator in network namespaces of this machine, as on several
// hosts. With --own-clocks the agents are in time namespaces, too: the monotonic clock of each is another one. Further options go to norn-loadtest. With --alone the same plan runs without agents afterwards, and the
// counts of both are compared. Needs root, ip and nats-server.
import { parseArgs } from 'node:util';
import type { LoadtestResult } from '../../load/result/result.ts';
import { openHosts } from '../namespaces/load-hosts.ts';
import { whyNoNetwork } from '../namespaces/network.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    agents: { type: 'string', default: '3' },
    clients: { type: 'string', default: '6000' },
    hubs: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    alone: { type: 'boolean', default: false },
    'own-clocks': { type: 'boolean', default: false },
    'publish-from': { type: 'string' },
  },
});

/** How many events are published before the measured time depends on when all have joined. */
function countsOf({ cohorts, ledger }: LoadtestResult): string {
  const measured = cohorts.reduce((sum, { latencyMicros }) => sum + latencyMicros.count, 0);
  return `${measured} deliveries in the measured time; ${JSON.stringify(ledger)}`;
}

const problem = whyNoNetwork();
if (problem !== undefined) {
  console.error(problem);
  process.exit(2);
}
const names = Array.from({ length: Number(values.agents) }, (_, at) => `agent${at + 1}`);
const hosts = await openHosts({
  ...{ agents: names, hubs: Number(values.hubs), haveOwnClocks: values['own-clocks'] },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
try {
  const args = ['--clients', values.clients, '--seed', values.seed, ...positionals];
  const publishFrom = values['publish-from'] === undefined ? [] : ['--publish-from', values['publish-from']];
  const { code, text, result } = await hosts.load([...args, ...publishFrom], { withAgents: true });
  console.log(text);
  process.exitCode = code;
  if (values.alone) {
    const alone = await hosts.load(args, { withAgents: false });
    console.log(alone.text);
    console.log(`with agents: ${countsOf(result)}`);
    console.log(`alone:       ${countsOf(alone.result)}`);
  }
} finally {
  hosts.close();
}
