// What a client still gets once the hub has said goodbye: nothing.
import { encodeClosePayload } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { blanks } from '../delivery/account.ts';

const ROUNDS = 5;
const EVENTS = 16;

export const nothingAfterClose: Check = {
  id: 'lifecycle.nothing-after-close',
  chapter: 'lifecycle',
  title: 'no event follows the Close of the hub',
  level: 'must',
  clause: {
    source: 'RFC 6455 5.5.1',
    quote: 'The application MUST NOT send any more data frames after sending a Close frame.',
  },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'A hub that answers a Close and leaves the client in its set goes on writing to it, into a connection that strict clients have failed. Five clients close one after the other while events flow to a witness; after the Close that answers theirs, no message may come.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness();
    for (let round = 0; round < ROUNDS; round++) {
      const leaver = await lab.witness();
      leaver.send(8, encodeClosePayload(1_000));
      await leaver.until(() => leaver.inbox.closes.length > 0, 'the Close that answers');
      const atClose = leaver.inbox.messageCount;
      await lab.publish(blanks(EVENTS), [witness]);
      await leaver.untilClosed();
      const more = leaver.inbox.messageCount - atClose;
      if (leaver.inbox.closes.length > 0 && more > 0)
        return fail({
          expected: 'nothing after the Close of the hub',
          got: `${more} messages came after it`,
        });
    }
    return pass();
  },
};
