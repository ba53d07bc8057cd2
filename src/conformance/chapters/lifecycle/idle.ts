// Clients have nothing to say, and hours may pass in which there is nothing to tell them.
import type { Check } from '../../check.ts';
import { LIVE_UPDATES_CLAUSE } from '../../clauses.ts';
import { FACTS, fail, pass } from '../../finding.ts';
import { basisOf, describeState } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { findStrangeMessage } from '../../lab/strange-message.ts';
import { SAME_AGE } from '../../result.ts';

/** Checks that broadcast nothing run meanwhile. */
const IDLE_MILLIS = 8_500;

export const idleIsKept: Check = {
  id: 'lifecycle.idle-is-kept',
  chapter: 'lifecycle',
  title: 'a client is kept while nothing happens',
  level: 'must',
  clause: LIVE_UPDATES_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 60_000,
  explain:
    'Hours may pass between two deploys. A read deadline that no Ping renews, or an idle time-out, disconnects clients only because nothing was broadcast. Nothing is broadcast for 8.5 s; then the client must receive the next event, and no other message. Longer deadlines do not show in this time; lifecycle.quiet-hub finds them, and where it can run, this check takes its verdict from there.',
  isolation: 'shared',
  turn: 'quiet',
  coveredBy: 'lifecycle.quiet-hub',
  async run(lab) {
    const client = await lab.witness({ keepTexts: 'all' });
    await client.untilClosed(IDLE_MILLIS);
    if (!client.isOpen)
      return fail(
        {
          expected: `the client is connected after ${IDLE_MILLIS} ms of silence`,
          got: describeState(client),
        },
        basisOf(client),
      );
    await lab.fence([client]);
    const got = findStrangeMessage(client);
    if (got !== undefined) return fail({ expected: 'no message but events', got }, FACTS);
    return pass();
  },
};

/** Costs no time, as other checks run meanwhile; longer than the ten seconds that timeouts like to be. */
const SILENT_MILLIS = 11_000;
/** So long where the run has other things to do meanwhile. */
const MOST_SILENT_MILLIS = 45_000;

export const silentIsKept: Check = {
  id: 'lifecycle.silent-client-is-kept',
  chapter: 'lifecycle',
  title: 'a client that only listens is kept',
  level: 'must',
  clause: {
    source: 'protocol: CLI Integration',
    quote: 'Goroutine connects to WebSocket and reads messages',
  },
  needs: [],
  deadlineMillis: 90_000,
  explain:
    "Clients of this protocol never send a message. A hub that reads with a time limit, like a request-response server, disconnects every one of them after a while, even while it sends events; dashboards then reconnect all day. Two clients, one 4 s after the other, send nothing for 11 s, and then for as long as checks run that do not count clients, up to 45 s, but answers to the hub's pings; then the first must still be connected and receive a Pong; the second shows whether its age was the reason. (Longer limits do not show in this time.)",
  isolation: 'shared',
  turn: 'throughout',
  async run(lab) {
    const client = await lab.connect();
    // When the check ends before that, nobody asks for it.
    const later = connectLater(lab).catch(() => undefined);
    const { leastMillis, awaited } = lab.listening;
    await client.untilClosed(Math.max(SILENT_MILLIS, leastMillis));
    const restMillis = MOST_SILENT_MILLIS - lab.elapsedMillis();
    if (restMillis > 0) await client.until(() => awaited.aborted, 'the end of the run', restMillis);
    const silentMillis = Math.round(lab.elapsedMillis());
    if (!client.isOpen) {
      const breach = { expected: 'a client that only listens stays connected', got: describeState(client) };
      const evidence = (await isSameAge(lab, client, later)) ? [SAME_AGE] : [];
      return fail(breach, { evidence, ...basisOf(client) });
    }
    return (await client.ping())
      ? pass({ evidence: [`it listened for ${silentMillis} ms`] })
      : fail({ expected: `a Pong after ${silentMillis} ms`, got: describeState(client) }, basisOf(client));
  },
};

/** So much younger: what ends both at the same time is not their age. */
export const LATER_MILLIS = 4_000;
/** Timers of a busy machine are late. */
export const SAME_AGE_MILLIS = 1_500;

interface Later {
  readonly client: LabClient;
  readonly fromMillis: number;
}

/** A second client; none where the hub does not let it in. */
async function connectLater(lab: Lab): Promise<Later | undefined> {
  await lab.pause(LATER_MILLIS);
  const fromMillis = lab.elapsedMillis();
  const outcome = await lab.tryConnect();
  return outcome.ok ? { client: outcome.client, fromMillis } : undefined;
}

async function isSameAge(
  lab: Lab,
  { end }: LabClient,
  connecting: Promise<Later | undefined>,
): Promise<boolean> {
  const later = await connecting;
  if (later === undefined || end === undefined) return false;
  const ageMillis = end.atMillis;
  const { client, fromMillis } = later;
  await client.untilClosed(Math.max(0, fromMillis + ageMillis + SAME_AGE_MILLIS - lab.elapsedMillis()));
  return (
    client.end !== undefined && Math.abs(client.end.atMillis - fromMillis - ageMillis) <= SAME_AGE_MILLIS
  );
}
