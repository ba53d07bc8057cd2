// A stop on request: clients learn that the hub goes away, what it has accepted is sent first, no client keeps the process
// alive, and every usual way to ask for it works.

import type { StopOutcome, StopSignal } from '../../../../target/target.ts';
import { untilSettled } from '../../../../time/deadline.ts';
import type { Check } from '../../../check.ts';
import { CheckEnded, error, type Finding, fail, pass } from '../../../finding.ts';
import { probeUntilClosed } from '../../../lab/closed-probe.ts';
import type { Lab } from '../../../lab/lab.ts';
import { waitedInVain } from '../../../timed-work.ts';
import { joinAll, joinHealthy, type Obstacle, type StopClients, WAITING_MESSAGES } from './clients.ts';
import { findEvicted, judgeClients, judgeEnd } from './judge-stop.ts';

const STOP_DEADLINE_MILLIS = 15_000;
/** Libraries wait so long for the answer to a Close: ws 30 s, websockets 10 s in each of three steps. */
const LIBRARY_CLOSE_MILLIS = 30_000;
/** What a hub may take besides. */
const OWN_MILLIS = 5_000;
const MOST_STOP_MILLIS = 60_000;
/** Healthy clients where all is judged, and where only the signal is another one. */
const [ALL, FEW] = [50, 10];
/** Right before the stop: with those of the stalled client they fit into every buffer, and hubs with slow writers send them in a part of a second. */
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
  deadlineMillis: 180_000,
  explain:
    'Without Close 1001 every client sees 1006 and cannot tell a release from a broken network. The check requests a stop while 50 healthy clients are connected, three that are behind and read on at the request, one that has stopped reading and has events queued, one that reads and answers no Close, and two connections without a complete handshake, as browsers open them in advance. The request is the shutdown operation where the hub has one, otherwise SIGTERM. Each healthy client should receive Close 1001 before the end of its connection. The process should exit within 15 s, or, while one of the last four is still connected, within 35 s (5 s, and 30 s or --kick-deadline if that is longer): libraries wait up to 30 s for the answer to a Close (measured: ws and websockets exit after 30.1 s), but a hub that waits without a limit is only ended by SIGKILL, whenever a single browser tab is frozen; Kubernetes sends that after 30 s. Up to 16 events are accepted immediately before the request. Neither the protocol nor HTTP (202 Accepted promises no result) forbids a hub to discard them, and a crash does the same; but the producer believes that they were delivered, and a deploy that restarts the hub is when events matter. So each healthy client should receive all of them before its Close. A client that the hub evicts because of these events is not judged here, nor whether clients that are behind receive what is queued for them: most servers discard it. They receive it before the Close, or not at all. The process should end with exit code 0 or 143, or by SIGTERM itself: a supervisor takes another code for a crash. Then a hub that has the shutdown operation is stopped by SIGTERM, as a release does it, with ten healthy clients; and each hub by SIGINT (Ctrl-C), which only has to end the process within 15 s. Exit codes and these further stops are judged where the hub itself is what the suite has started, not a shell or a runner in front of it. A second signal to a hub that is stopping is not sent: many servers end at once then, on purpose.',
  isolation: 'alone',
  async run(lab) {
    const first = await judgeStop(lab, undefined);
    if (first.finding.verdict !== 'pass') return first.finding;
    const { stopSignals = [] } = lab.target;
    if (first.by === 'shutdown' && stopSignals.includes('SIGTERM')) {
      const { finding } = await judgeStop(lab, 'SIGTERM');
      if (finding.verdict !== 'pass') return finding;
    }
    return stopSignals.includes('SIGINT') ? judgeInterrupt(lab) : pass();
  },
};

interface Judged {
  readonly finding: Finding;
  readonly by: (StopOutcome & { ok: true })['by'];
}

/** Without a signal all that is judged, in the way in which the hub is usually asked; with one whether it works, too. */
async function judgeStop(lab: Lab, signal: StopSignal | undefined): Promise<Judged> {
  const clients = signal === undefined ? await joinAll(lab, ALL) : await joinHealthy(lab, FEW);
  const lastEvents = await publishLast(lab);
  const fromMillis = lab.elapsedMillis();
  const stopped = await stop(lab, clients, signal);
  const basis = waitedInVain({ fromMillis, tookMillis: lab.elapsedMillis() - fromMillis });
  if (!stopped.ok) await lab.target.kill();
  await Promise.all(clients.healthy.map((client) => client.untilClosed(DRAIN_MILLIS)));
  await startAgain(lab);
  if (!stopped.ok)
    return { finding: fail({ expected: IN_TIME, got: stopped.problem }, { basis }), by: undefined };
  const { by } = stopped;
  lab.note(`the process ended ${stopped.elapsedMillis} ms after ${by ?? 'the request'}`);
  noteBehind(lab, clients);
  const evicted = findEvicted(clients.healthy, lastEvents);
  if (evicted.length > 0)
    lab.note(`${evicted.length} of ${clients.healthy.length} healthy clients were evicted`);
  const judged = judgeClients(
    clients.healthy.filter((client) => !evicted.includes(client)),
    lastEvents,
  );
  return { finding: judged.verdict === 'pass' ? judgeEnd(stopped) : judged, by };
}

const IN_TIME = 'the hub ends in time after the request';

/** What clients see of an interruption is not judged: nobody presses Ctrl-C on a server that others use. */
async function judgeInterrupt(lab: Lab): Promise<Finding> {
  await lab.connect();
  const fromMillis = lab.elapsedMillis();
  const stopped = await lab.target.stop(STOP_DEADLINE_MILLIS, 'SIGINT');
  const basis = waitedInVain({ fromMillis, tookMillis: lab.elapsedMillis() - fromMillis });
  await startAgain(lab);
  if (stopped.ok) return pass();
  return fail(
    { expected: 'SIGINT, which is Ctrl-C in a terminal, ends the hub', got: stopped.problem },
    { basis },
  );
}

/** What a hub does at its end about clients that are behind is its own decision: most servers discard it. */
function noteBehind(lab: Lab, { behind, waiting }: StopClients): void {
  const received = behind.map(({ record }) =>
    waiting.filter((sequence) => record.sequences.includes(sequence)),
  );
  const fewest = Math.min(...received.map(({ length }) => length));
  if (fewest < waiting.length)
    lab.note(
      `of the ${waiting.length} events that waited for a client that was behind it received ${fewest}`,
    );
}

async function startAgain(lab: Lab): Promise<void> {
  const start = await lab.target.restart();
  if (!start.ok) throw new CheckEnded(error(`the hub could not be started again: ${start.problem}`));
}

/** Sequence numbers of the events that the hub has accepted. */
async function publishLast(lab: Lab): Promise<readonly number[]> {
  const wanted = Math.max(1, Math.min(LAST_EVENTS, lab.settings.clientBufferMessages - WAITING_MESSAGES));
  const count = lab.affordable({ wanted, fewest: 1 });
  const shapes = Array.from({ length: count }, () => ({ paddingBytes: LAST_EVENT_BYTES }));
  const { events, outcome } = await lab.tryBurst(shapes);
  if (!outcome.ok) lab.note(`the hub did not accept ${count} events before the stop: ${outcome.problem}`);
  return events.slice(0, outcome.accepted ?? 0).map(({ sequence }) => sequence);
}

/** A hub that has begun to stop, and whose clients are not all gone, has longer. */
async function stop(lab: Lab, clients: StopClients, signal: StopSignal | undefined): Promise<StopOutcome> {
  const unansweredMillis = Math.max(LIBRARY_CLOSE_MILLIS, lab.settings.kickDeadlineMillis) + OWN_MILLIS;
  const stopping = lab.target.stop(Math.min(MOST_STOP_MILLIS, unansweredMillis), signal);
  for (const client of clients.behind) client.readOn();
  if (await untilSettled(lab.clock, stopping, STOP_DEADLINE_MILLIS)) return stopping;
  const problem = `the hub was still running ${STOP_DEADLINE_MILLIS} ms after ${signal ?? 'the request to stop'}`;
  if (!hasBegun(clients)) return { ok: false, problem: `${problem}, and no client has received a Close` };
  if ((await findOpen(lab, clients.obstacles)) === undefined) return { ok: false, problem };
  const stopped = await stopping;
  if (stopped.ok) return stopped;
  const awaited = await findOpen(lab, clients.obstacles);
  const why = awaited === undefined ? '' : `; it seems to wait for ${awaited.words}`;
  return { ok: false, problem: `${stopped.problem}${why}` };
}

const hasBegun = ({ healthy, obstacles }: StopClients): boolean =>
  [...healthy, ...obstacles.flatMap(({ client }) => client ?? [])].some(
    ({ isOpen, record }) => !isOpen || record.closes.length > 0,
  );

/** Whom the hub has not disconnected. */
async function findOpen(lab: Lab, obstacles: readonly Obstacle[]): Promise<Obstacle | undefined> {
  for (const { client, isReading } of obstacles)
    if (client !== undefined && !isReading) await probeUntilClosed(client, PROBE_MILLIS, lab.elapsedMillis);
  return obstacles.find(({ isOpen }) => isOpen());
}
