// What a hub does for clients that have left: nothing. A timer or a task that outlives its client costs little, and thousands
// of them cost a processor.
import { type CpuUse, measureCpuUse } from '../../../target/process-tree/process-cpu.ts';
import { OPCODE } from '../../../wire/frame-header.ts';
import type { Check } from '../../check.ts';
import { CheckEnded, error, FACTS, fail, pass, skip, warn } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { waitedInVain } from '../../timed-work.ts';
import { leaveInTurn } from './leaving.ts';
import {
  CONSTANT_SHARE,
  LEFT_TO_DO_MILLIS,
  QUIET_SHARE,
  quietestSpan,
  SPAN_MILLIS,
  type Spans,
} from './quietest-span.ts';

const [ROUNDS, CLIENTS_EACH, EVENTS_EACH] = [4, 50, 2];
/** So busy after the checks that run side by side, it is judged before those that follow; a mistake costs no time. */
const EARLY_SHARE = 0.1;
/** Between the two a hub may tidy up for a while: a warning. */
const BUSY_SHARE = 0.05;

export const idleCpu: Check = {
  id: 'lifecycle.idle-cpu',
  chapter: 'lifecycle',
  title: 'the hub uses no more CPU time while it is idle than before clients came and left',
  level: 'must',
  clause: { source: 'protocol: Hub Architecture', quote: 'the client is disconnected and cleaned up' },
  needs: ['broadcast', 'resources'],
  deadlineMillis: 90_000,
  explain:
    'A timer, a task or a poll loop for each client that goes on when the client has left costs little, but it is never given back: after some days the hub is busy with clients that are gone, and events are late. The CPU time that the process and all that it started use in 0.3 s without traffic, not counting their waits for a core, is measured before and after 200 clients connected, received events, sent messages and left, with a Close, a reset or a FIN. Compilers and garbage collectors work on for a while after a load, so the quietest of all such spans in up to 8 s counts. Other programs may have the cores: a hub that would not pass by then is measured for up to 20 s, until it has used 3 s of CPU time. More than 2 % of one processor above that of before is a warning, more than 5 % a failure. A hub that always uses some CPU time is compared with that: five spans in a row of at most 15 %, none more than twice another, are enough. One that is busier before, because of earlier checks, is restarted first, where the suite can.',
  isolation: 'alone',
  // A busy hub would take the time of all others.
  isEarlyOn: async (target, clock) =>
    ((await measureCpuUse(target, clock, SPAN_MILLIS))?.share ?? 0) > EARLY_SHARE,
  // It waits for each connection to end.
  blockedBy: ['lifecycle.nothing-leaks'],
  async run(lab) {
    let stayer = await lab.witness();
    let before = await shareBefore(lab);
    if (before > CONSTANT_SHARE && lab.abilities.restart) {
      lab.note(`${percent(before)} of a processor before any of the clients: the hub is restarted`);
      await restart(lab);
      stayer = await lab.witness();
      before = await shareBefore(lab);
    }
    for (let round = 0; round < ROUNDS; round++) await comeAndLeave(lab, stayer);
    const fromMillis = lab.elapsedMillis();
    const { share: after, usedMillis } = await quietestSpan(spansOf(lab), {
      enough: before + QUIET_SHARE,
      mayEndConstant: false,
    });
    const tookMillis = lab.elapsedMillis() - fromMillis;
    if (!Number.isFinite(before + after))
      return error('the hub waited for a core all the time, so nobody can say what it does while it is idle');
    const got = `${percent(before)} of a processor before, ${percent(after)} after ${ROUNDS * CLIENTS_EACH} clients came and left`;
    if (after <= before + QUIET_SHARE) return pass({ evidence: [got] });
    // What keeps it busy would slow down the checks that follow.
    if (lab.abilities.restart) await restart(lab);
    const expected = `without traffic the hub uses at most ${percent(QUIET_SHARE)} of a processor more than before`;
    const doubt =
      usedMillis < LEFT_TO_DO_MILLIS ? { basis: waitedInVain({ fromMillis, tookMillis }) } : FACTS;
    return (after > before + BUSY_SHARE ? fail : warn)({ expected, got }, doubt);
  },
};

async function restart(lab: Lab): Promise<void> {
  const start = await lab.target.restart();
  if (!start.ok) throw new CheckEnded(error(`the hub could not be started again: ${start.problem}`));
}

async function comeAndLeave(lab: Lab, stayer: LabClient): Promise<void> {
  const clients = await lab.witnesses(CLIENTS_EACH);
  for (const client of clients) client.send(OPCODE.text, 'a message of a client');
  // A hub may disconnect a client that sends something.
  await lab.publish(
    Array.from({ length: EVENTS_EACH }, () => ({})),
    [stayer],
  );
  leaveInTurn(clients);
  await Promise.all(clients.map((client) => client.untilClosed()));
}

/** What it uses without clients of this check, be it a poll loop of its own. */
async function shareBefore(lab: Lab): Promise<number> {
  return (await quietestSpan(spansOf(lab), { enough: QUIET_SHARE, mayEndConstant: true })).share;
}

const spansOf = (lab: Lab): Spans => ({
  measureUse: () => measureUse(lab),
  elapsedMillis: lab.elapsedMillis,
  signal: lab.signal,
});

async function measureUse(lab: Lab): Promise<CpuUse> {
  const use = await measureCpuUse(lab.target, lab.clock, SPAN_MILLIS);
  if (use === undefined) throw new CheckEnded(skip('the CPU time of the process cannot be read'));
  return use;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
