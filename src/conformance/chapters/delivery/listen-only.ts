// Clients only listen: what they send reaches nobody.
import type { Check } from '../../check.ts';
import { pass } from '../../finding.ts';
import { findFirstBreach } from './account.ts';

export const clientTextReachesNobody: Check = {
  id: 'delivery.client-text-reaches-nobody',
  chapter: 'delivery',
  title: 'what a client sends is neither echoed nor broadcast',
  level: 'must',
  clause: { source: 'protocol: Hub Architecture', quote: 'Pipeline / Handler -->|Broadcast| Hub' },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'Events come from the pipeline alone; a hub built from a chat example lets any page inject them. A client sends forged events as text and as binary; a fence broadcast afterwards must be the next event that it and another client get. A hub may disconnect the sender instead (close 1003 or 1008).',
  isolation: 'shared',
  async run(lab) {
    const [sender, other] = await lab.witnesses(2);
    if (!sender || !other) throw new Error('two witnesses were asked for');
    for (let i = 0; i < 10; i++) {
      const forged = lab.series.next().text;
      sender.send(1, forged);
      sender.send(2, forged);
    }
    // The Pong shows that the hub has read everything before it.
    await sender.ping();
    const stayed = sender.isOpen ? [sender, other] : [other];
    const fence = await lab.fence(stayed);
    const second = await lab.fence(stayed);
    return findFirstBreach(stayed, [fence, second]) ?? pass();
  },
};
