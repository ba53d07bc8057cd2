// Each connection is a client of its own, whatever it has in common with others.

import { encodeClosePayload } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { pass } from '../../finding.ts';
import { DASHBOARD_ORIGIN, witnessesOfDashboard } from '../origin/blocked-by-origin.ts';
import { findDeliveryBreach, findFirstBreach } from './account.ts';

export const manyFromOneAddress: Check = {
  id: 'delivery.many-from-one-address',
  chapter: 'delivery',
  title: 'clients with the same address and headers are separate clients',
  level: 'must',
  clause: { source: 'protocol: Hub Architecture', quote: 'Per-client send buffer' },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'A browser opens a tab twice, an office sits behind one address. Twelve clients with equal headers must all receive; when one leaves, the others and a later one still do. A hub that identifies clients by address or header silences one of them.',
  isolation: 'shared',
  async run(lab) {
    const headers = [
      ['User-Agent', 'dashboard'],
      ['Cookie', 'session=1'],
      ['Origin', DASHBOARD_ORIGIN],
    ] as const;
    const clients = await witnessesOfDashboard(lab, 12, { headers });
    const first = await lab.fence(clients);
    const [leaver, ...rest] = clients;
    leaver?.send(8, encodeClosePayload(1_000));
    await leaver?.untilClosed();
    const second = await lab.fence(rest);
    const newcomer = await lab.witness({ headers });
    const third = await lab.fence([...rest, newcomer]);
    return findFirstBreach(rest, [first, second, third]) ?? findDeliveryBreach(newcomer, [third]) ?? pass();
  },
};
