// A quiet client in a quiet hour.
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { describeState } from '../../lab/publishing.ts';
import { findStrangeMessage } from '../../lab/strange-message.ts';

const IDLE_MILLIS = 6_000;

export const idleIsKept: Check = {
  id: 'lifecycle.idle-is-kept',
  chapter: 'lifecycle',
  title: 'a client is kept while nothing happens',
  level: 'must',
  clause: {
    source: 'protocol: WebSocket',
    quote:
      'The dashboard and CLI connect to receive live updates during deploys, restarts, and other operations.',
  },
  needs: ['broadcast'],
  deadlineMillis: 60_000,
  explain:
    'Hours may pass between two deploys. A read deadline that no Ping renews, or a proxy habit in the hub, cuts clients whose only fault is that nothing was broadcast. Nothing is sent by anybody for six seconds; then the client must get the next event, and must have got nothing else that is no event. (Longer deadlines do not show in so short a time.)',
  isolation: 'alone',
  async run(lab) {
    const client = await lab.witness({ keepTexts: 'all' });
    await client.untilClosed(IDLE_MILLIS);
    if (!client.isOpen)
      return fail({
        expected: `the client is connected after ${IDLE_MILLIS} ms of silence`,
        got: describeState(client),
      });
    await lab.fence([client]);
    const got = findStrangeMessage(client);
    if (got !== undefined) return fail({ expected: 'no message but events', got });
    return pass();
  },
};
