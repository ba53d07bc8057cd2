// As many events at once as the broadcast queue holds.
import { BROADCAST_BUFFER_EVENTS } from '../../../protocol/limits.ts';
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { describeState } from '../../lab/publishing.ts';
import { blanks } from './account.ts';

const CLIENTS = 4;

export const burstSurvived: Check = {
  id: 'delivery.burst-survived',
  chapter: 'delivery',
  title: 'clients that read as fast as they can survive a burst as large as the broadcast queue',
  level: 'should',
  clause: { source: 'protocol: Hub Architecture', quote: 'Broadcast channel — buffered at 256 messages' },
  needs: ['broadcast'],
  deadlineMillis: 60_000,
  explain:
    'A run loop that hands out all it has before any writer gets a turn fills the 64 places of every client, and disconnects dashboards that are not slow at all. 256 events are broadcast in one request to four idle clients that read; all must get all of them. The exact tolerance is a measurement (measurement.burst-tolerance).',
  isolation: 'alone',
  async run(lab) {
    const clients = await lab.witnesses(CLIENTS);
    const events = await lab.burst(blanks(BROADCAST_BUFFER_EVENTS));
    const last = events.at(-1)?.sequence ?? 0;
    for (const client of clients) {
      const hasAll = () => client.inbox.sequences.length === events.length;
      await client.until(() => hasAll() || client.inbox.sequences.at(-1) === last, 'the last of the burst');
      if (!hasAll() || !client.isOpen)
        return fail({
          expected: `a client that reads gets all ${events.length} events of a burst`,
          got: describeState(client),
        });
    }
    return pass();
  },
};
