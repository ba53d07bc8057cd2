// What a client still gets once the hub has said goodbye: nothing.
import { encodeClosePayload } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { FACTS, type Finding, fail, pass } from '../../finding.ts';
import { fillBacklog, findEventBytes } from '../../lab/backlog.ts';
import { basisOf, describeState } from '../../lab/client/client-state.ts';
import { drain } from '../../lab/drain.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { publishUnordered } from '../../lab/route/publish-unordered.ts';
import { blanks } from '../delivery/account.ts';

const ROUNDS = 5;
const EVENTS = 16;
/** What waits in the hub for the client that closes before it has read all. */
const [WAITING_EVENTS, WAITING_EVENT_BYTES] = [8, 64 * 1024];
/** With one in flight, at least two could follow a Close. */
const FEWEST_WAITING_EVENTS = 3;
/** For the hub to take the Close while its client does not read. */
const SETTLE_MILLIS = 100;

const EXPECTED = 'nothing after the Close of the hub';

export const nothingAfterClose: Check = {
  id: 'lifecycle.nothing-after-close',
  chapter: 'lifecycle',
  title: "no event follows the hub's Close, and the Close of a client that is behind ends its connection",
  level: 'must',
  clause: {
    source: 'RFC 6455 5.5.1',
    quote: 'The application MUST NOT send any more data frames after sending a Close frame.',
  },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'A hub that answers a Close and leaves the client in its set keeps writing to it, on a connection that strict clients have failed. Five clients close one after the other while events flow to a witness; after the Close that answers theirs, no message may arrive. A sixth closes while events are queued for it, and then resumes reading: a hub whose Close overtakes them must not send them afterwards, and the connection must end: a hub that ignores the Close of a client whose queue is not empty never lets it go.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness();
    for (let round = 0; round < ROUNDS; round++) {
      const leaver = await lab.witness();
      leaver.send(8, encodeClosePayload(1_000));
      await leaver.until(() => leaver.record.closes.length > 0, 'the Close that answers');
      const atClose = leaver.record.messages;
      await publishUnordered(lab, blanks(EVENTS), [witness]);
      await leaver.untilClosed();
      const more = leaver.record.messages - atClose;
      if (leaver.record.closes.length > 0 && more > 0)
        return fail({ expected: EXPECTED, got: `${more} messages arrived after it` }, FACTS);
    }
    return closeBeforeRead(lab, witness);
  },
};

async function closeBeforeRead(lab: Lab, witness: LabClient): Promise<Finding> {
  const outstanding = Math.min(WAITING_EVENTS, lab.settings.clientBufferMessages - 1);
  if (outstanding < FEWEST_WAITING_EVENTS) return pass();
  const eventBytes = await findEventBytes(lab, WAITING_EVENT_BYTES, [witness]);
  const leaver = await lab.witness({ window: 'small' });
  leaver.stopReading();
  await fillBacklog(lab, { stalled: [leaver], witnesses: [witness], eventBytes, outstanding });
  leaver.send(8, encodeClosePayload(1_000));
  await lab.pause(SETTLE_MILLIS);
  const { hasDataAfterClose, end } = await drain(leaver);
  if (hasDataAfterClose)
    return fail({ expected: EXPECTED, got: 'events queued for the closing client arrived after it' }, FACTS);
  if (end !== undefined) return pass();
  const expected = `the connection ends after the Close of a client for which ${outstanding} events wait`;
  return fail({ expected, got: describeState(leaver) }, basisOf(leaver));
}
