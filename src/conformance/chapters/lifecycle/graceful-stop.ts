// A stop on request: clients learn that the hub goes away, what it has accepted is sent first, and no client keeps the
// process alive.

import type { StopOutcome } from '../../../target/target.ts';
import { untilSettled } from '../../../time/deadline.ts';
import type { Check } from '../../check.ts';
import { CheckEnded, error, type Finding, fail, pass } from '../../finding.ts';
import { findEventBytes } from '../../lab/backlog.ts';
import { describeState } from '../../lab/client/client-state.ts';
import { probeUntilClosed } from '../../lab/closed-probe.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { waitedInVain } from '../../timed-work.ts';
import { isEvictionCode } from '../slow-client/eviction.ts';
import { HUGE_EVENT_BYTES, stall } from '../slow-client/stalled.ts';

const STOP_DEADLINE_MILLIS = 15_000;
/** More than that in kick deadlines, 40 s by default: libraries wait for the answer to a Close, ws 30 s, others 10 s in each of several steps. */
const UNANSWERED_KICK_DEADLINES = 2.5;
const MOST_STOP_MILLIS = 60_000;
const HEALTHY_CLIENTS = 50;
/** Wait in the hub for the stalled client. */
const STALLED_MESSAGES = 4;
/** Right before the stop: with those they fit into every buffer, and hubs with slow writers send them in a part of a second. */
const LAST_EVENTS = 16;
/** A hub is still busy with them when it receives the request to stop. */
const LAST_EVENT_BYTES = 16 * 1024;
/** The process has ended: what the kernel still holds for its clients arrives at once. */
const DRAIN_MILLIS = 1_000;
const PROBE_MILLIS = 500;

export const gracefulStop: Check = {
  id: 'lifecycle.graceful-stop',
  chapter: 'lifecycle',
  title: 'a hub that stops sends what it has accepted, then Close 1001, and ends in time',
  level: 'should',
  clause: {
    source: 'RFC 6455 7.4.1',
    quote: '1001 indicates that an endpoint is "going away", such as a server going down',
  },
  needs: ['broadcast', 'restart'],
  deadlineMillis: 120_000,
  explain:
    'Without Close 1001 every client sees 1006 and cannot tell a release from a broken network. The check requests a stop while 50 healthy clients are connected, one that has stopped reading and has events queued, and one that reads and answers no Close. Each healthy client should receive Close 1001 before the end of its connection. The process should exit within 15 s, or, while one of the last two is still connected, within 40 s (15 s and 2.5 times --kick-deadline): libraries wait up to 30 s for the answer, but a hub that waits without a limit is only ended by SIGKILL, whenever a single browser tab is frozen. Up to 16 events are accepted immediately before the request. Neither the protocol nor HTTP (202 Accepted promises no result) forbids a hub to discard them, and a crash does the same; but the producer believes that they were delivered, and a deploy that restarts the hub is when events matter. So each healthy client should receive all of them before its Close. A client that the hub evicts because of these events is not judged here.',
  isolation: 'alone',
  async run(lab) {
    const { clientBufferMessages } = lab.settings;
    const stalledMessages = Math.min(STALLED_MESSAGES, clientBufferMessages);
    const healthy = await lab.witnesses(HEALTHY_CLIENTS);
    const [stalled] = (await lab.witnesses(1, { window: 'small' })) as [LabClient];
    const unanswering = await lab.connect({ isPolite: false });
    await lab.join([unanswering]);
    await leaveBehind(lab, stalled, healthy, stalledMessages);
    const wanted = Math.max(1, Math.min(LAST_EVENTS, clientBufferMessages - stalledMessages));
    const lastEvents = await publishLast(lab, lab.affordable({ wanted, fewest: 1 }));
    const fromMillis = lab.elapsedMillis();
    const stopped = await stop(lab, { healthy, stalled, unanswering });
    const basis = waitedInVain({ fromMillis, tookMillis: lab.elapsedMillis() - fromMillis });
    if (!stopped.ok) await lab.target.kill();
    await Promise.all(healthy.map((client) => client.untilClosed(DRAIN_MILLIS)));
    const start = await lab.target.restart();
    if (!start.ok) return error(`the hub could not be started again: ${start.problem}`);
    if (!stopped.ok)
      return fail({ expected: 'the hub ends in time after the request', got: stopped.problem }, { basis });
    lab.note(`the process ended ${stopped.elapsedMillis} ms after the request`);
    return judgeClients(lab, healthy, lastEvents);
  },
};

/** Stops reading with messages queued; on a hub that a client may block, which others judge, it leaves instead. */
async function leaveBehind(
  lab: Lab,
  client: LabClient,
  healthy: readonly LabClient[],
  messages: number,
): Promise<void> {
  try {
    const eventBytes = await findEventBytes(lab, HUGE_EVENT_BYTES, healthy);
    await stall(lab, [client], healthy, eventBytes).fill(messages, 'fewer');
  } catch (ended) {
    if (!(ended instanceof CheckEnded)) throw ended;
    client.destroy();
    lab.note(`no client that does not read takes part: ${ended.message}`);
  }
}

interface Clients {
  readonly healthy: readonly LabClient[];
  readonly stalled: LabClient;
  /** Reads, and answers no Close. */
  readonly unanswering: LabClient;
}

/** Sequence numbers of the events that the hub has accepted. */
async function publishLast(lab: Lab, count: number): Promise<readonly number[]> {
  const shapes = Array.from({ length: count }, () => ({ paddingBytes: LAST_EVENT_BYTES }));
  const { events, outcome } = await lab.tryBurst(shapes);
  if (!outcome.ok) lab.note(`the hub did not accept ${count} events before the stop: ${outcome.problem}`);
  return events.slice(0, outcome.accepted ?? 0).map(({ sequence }) => sequence);
}

/** A hub that has begun to stop, and whose clients are not all gone, has longer. */
async function stop(lab: Lab, { healthy, stalled, unanswering }: Clients): Promise<StopOutcome> {
  const unansweredMillis = UNANSWERED_KICK_DEADLINES * lab.settings.kickDeadlineMillis;
  const stopping = lab.target.stop(Math.min(MOST_STOP_MILLIS, STOP_DEADLINE_MILLIS + unansweredMillis));
  if (await untilSettled(lab.clock, stopping, STOP_DEADLINE_MILLIS)) return stopping;
  const problem = `the hub was still running ${STOP_DEADLINE_MILLIS} ms after the request to stop`;
  const hasBegun = [...healthy, unanswering].some(
    ({ isOpen, record }) => !isOpen || record.closes.length > 0,
  );
  if (!hasBegun) return { ok: false, problem: `${problem}, and no client has received a Close` };
  const isStalledGone = (await probeUntilClosed(stalled, PROBE_MILLIS, lab.elapsedMillis)).isClosed;
  if (isStalledGone && !unanswering.isOpen) return { ok: false, problem };
  const stopped = await stopping;
  if (stopped.ok) return stopped;
  const awaited = unanswering.isOpen
    ? `client ${unanswering.name}, which answers no Close`
    : `client ${stalled.name}, which does not read`;
  return { ok: false, problem: `${stopped.problem}; it seems to wait for ${awaited}` };
}

function judgeClients(lab: Lab, healthy: readonly LabClient[], lastEvents: readonly number[]): Finding {
  const isWhole = ({ record }: LabClient): boolean =>
    lastEvents.every((sequence) => record.sequences.includes(sequence));
  const evicted = healthy.filter(
    (client) => !isWhole(client) && isEvictionCode(client.record.closes[0]?.code),
  );
  // A code that most clients get is how this hub stops.
  const excused = evicted.length < healthy.length / 2 ? evicted : [];
  if (excused.length > 0) lab.note(`${excused.length} of ${healthy.length} healthy clients were evicted`);
  const unlike = healthy.find(
    (client) => !excused.includes(client) && !(isWhole(client) && client.record.closes[0]?.code === 1001),
  );
  if (unlike === undefined) return pass();
  const received = lastEvents.filter((sequence) => unlike.record.sequences.includes(sequence)).length;
  const events =
    lastEvents.length === 0 ? '' : `the ${lastEvents.length} events accepted before the request, and `;
  const lost =
    received === lastEvents.length ? '' : `; of the last ${lastEvents.length} it received ${received}`;
  return fail({
    expected: `every healthy client receives ${events}Close 1001`,
    got: `${describeState(unlike)}${lost}`,
  });
}
