// Runs one program on the living hub and returns what was seen. Every wait has a deadline, and nothing is published
// beyond what a correct hub must bear.

import { fillsBuffers } from '../factors/clients.ts';
import type { Plan } from '../program/plan.ts';
import { planProgram } from '../program/plan.ts';
import type { Program } from '../program/program.ts';
import type { HubSession } from './hub-session.ts';
import { joinClients } from './joining.ts';
import { beginNextProgram, isConnected, isListening, type Member, recordMember } from './member.ts';
import { readOnAtOverflow, stallHalfFull } from './near-limit.ts';
import { createPublisher } from './publishing/publisher.ts';
import { publishAll, readOn } from './publishing/publishing-phase.ts';
import type { ProgramRecording } from './recording.ts';
import { countExtras, isExact, readUse } from './resource-use.ts';
import { awaitEvictions, overflow, stopReading } from './stalled-clients.ts';
import { meetNewcomer, pingEverybody } from './traffic/closing-phase.ts';
import { runEarlierTraffic } from './traffic/earlier-traffic.ts';
import { compareLimits } from './traffic/inbound-limit.ts';
import { findAboveLimit } from './traffic/own-limit.ts';
import { sendFrom } from './traffic/sent-messages.ts';

const MOST_VETERANS = 8;

export async function runProgram(session: HubSession, program: Program): Promise<ProgramRecording> {
  const { clock, bounds, cpu, signal } = session.parts;
  const startMicros = clock.nowMicros();
  const plan = planProgram(program, bounds);
  const notRestarted = plan.before === 'restart' ? await session.restartHub() : undefined;
  if (notRestarted === undefined) await session.begin();
  const run = createRun(session, plan);
  for (const member of run.all()) beginNextProgram(member);
  const before =
    session.use ?? (await readUse(session.parts.target, session.veterans.filter(isConnected).length));
  session.firstUse ??= before;
  session.isCountExact ||= isExact(before);
  await run.perform();
  await findAboveLimit(session, run.all());
  const members = run.record();
  const unevenLimit = await compareLimits(session, plan);
  const newcomer = await meetNewcomer(session, run.publisher);
  const publishProblem = run.publisher.problem;
  const stays = await run.finish();
  const { extras, use } = await countExtras(session, before, stays);
  session.use = use;
  return {
    published: run.publisher.published,
    members: [...members, ...newcomer.members],
    hub: { publishProblem, deadProblem: notRestarted ?? newcomer.deadProblem, unevenLimit, ...extras },
    runner: {
      worstMillis: cpu.runner.worstMillisSince(startMicros),
      totalMillis: cpu.runner.totalMillisSince(startMicros),
    },
    coreWaits: cpu.cores.waitsSince(startMicros),
    program: { startMicros, endMicros: clock.nowMicros() },
    inVain: session.inVain.filter((wait) => wait.endMicros > startMicros),
    isInterrupted: signal.aborted,
    durationMillis: (clock.nowMicros() - startMicros) / 1e3,
  };
}

function createRun(session: HubSession, plan: Plan) {
  const earlier = [...(session.resident === undefined ? [] : [session.resident]), ...session.veterans];
  const own = new Set<Member>();
  const all = (): Member[] => [...earlier, ...own];
  const publisher = createPublisher(session, all);
  const add = (member: Member): void => void own.add(member);

  async function perform(): Promise<void> {
    await runEarlierTraffic(session, plan.before);
    const clients = await joinClients(session, plan, publisher, add);
    const stalled = await joinStalled(session, plan, add);
    const senders = plan.allSend ? clients : clients.slice(0, 1);
    if (plan.sendsWhen === 'before') sendFrom(senders, plan, 0);
    const lateReaders =
      plan.reads === 'late' ? clients : plan.reads === 'behind one' ? clients.slice(-1) : [];
    const paused = [...lateReaders, ...(plan.stall === 'below' ? stalled : [])];
    stopReading(session, paused);
    if (plan.stall === 'half full') await stallHalfFull(session, plan, stalled, publisher);
    else if (plan.stall === 'above, reads on') await readOnAtOverflow(session, plan, stalled, publisher);
    else if (plan.stall.startsWith('above')) {
      stopReading(session, stalled);
      await overflow(session, plan, stalled, publisher);
      // A further request would hide that the limit was not checked inside of the last one.
      if (plan.batch > 1) await awaitEvictions(session, plan, stalled);
    }
    await publishAll(session, plan, publisher, { clients, senders, paused });
    await readOn(session, publisher, paused);
    if (plan.stall.startsWith('above') && plan.batch === 1) await awaitEvictions(session, plan, stalled);
    await publisher.fence();
    await pingEverybody(session, clients);
  }

  return {
    publisher,
    all,
    perform,
    record: () => all().map((member) => recordMember(member, publisher.textOf, session.resident)),
    /** Ends or keeps the clients of the program; gives those that stay. */
    async finish(): Promise<readonly Member[]> {
      const stay = plan.stays
        ? [...own].filter((member) => isListening(member) && member.fate === 'kept')
        : [];
      const kept = [...session.veterans.filter(isConnected), ...stay].slice(-MOST_VETERANS);
      for (const member of all())
        if (!kept.includes(member) && member !== session.resident) member.client?.leave('destroy');
      session.veterans = kept;
      return kept;
    },
  };
}

async function joinStalled(
  session: HubSession,
  plan: Plan,
  add: (member: Member) => void,
): Promise<Member[]> {
  if (plan.stall === 'none') return [];
  const window = fillsBuffers(plan.stall) ? 'small' : 'default';
  const members = await Promise.all(
    Array.from({ length: plan.stalled }, (_, at) =>
      session.connect(`stalled client ${at + 1}`, { choice: plan.handshake, at, window }),
    ),
  );
  for (const member of members) add(member);
  await session.join(members);
  return members;
}
