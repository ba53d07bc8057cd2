// Every command of norn-loadtest, in the order of its help. What a command takes is loaded at once, what it does when it
// is chosen.
import type { ExitCode } from '../exit-code.ts';
import type { CommandSpec, OptionTable } from '../options/command-line.ts';
import { type Action, runCommand } from '../run-command.ts';
import { AB_SPEC } from './specs/ab-spec.ts';
import { AGENT_SPEC } from './specs/agent-spec.ts';
import { COMPARE_SPEC } from './specs/compare-spec.ts';
import { DOCTOR_SPEC } from './specs/doctor-spec.ts';
import { FIND_SPEC } from './specs/find-spec.ts';
import { RECORD_SPEC } from './specs/record-spec.ts';
import { REPLAY_SPEC } from './specs/replay-spec.ts';
import { REPORT_SPEC } from './specs/report-spec.ts';
import { RUN_SPEC } from './specs/run-spec.ts';
import { SHRINK_SPEC } from './specs/shrink-spec.ts';

export interface Command {
  /** The word after the program's name. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it takes on its command line. */
  readonly spec: CommandSpec<OptionTable>;
  /** `argv` is what follows the name. */
  readonly run: (argv: readonly string[]) => Promise<ExitCode>;
}

const others: readonly Command[] = [
  command(
    'find',
    'find the largest event rate, or number of clients, that a hub sustains',
    FIND_SPEC,
    async () => (await import('./find.ts')).find,
  ),
  command(
    'compare',
    'compare two loadtest.json: is the second better, the same or worse?',
    COMPARE_SPEC,
    async () => (await import('./compare/compare.ts')).compare,
  ),
  command(
    'ab',
    'load two hubs in turn: is the second better, the same or worse?',
    AB_SPEC,
    async () => (await import('./compare/ab.ts')).ab,
  ),
  command(
    'replay',
    'run fixtures of slow-client bugs: does the hub have them?',
    REPLAY_SPEC,
    async () => (await import('./fixtures/replay.ts')).replay,
  ),
  command(
    'record',
    'record the stream of a live hub as a trace file',
    RECORD_SPEC,
    async () => (await import('./fixtures/record.ts')).record,
  ),
  command(
    'shrink',
    'make a failing fixture smaller while it still fails',
    SHRINK_SPEC,
    async () => (await import('./fixtures/shrink.ts')).shrink,
  ),
  command(
    'report',
    'render earlier results as a page, Markdown or text',
    REPORT_SPEC,
    async () => (await import('./report.ts')).renderEarlier,
  ),
  command(
    'doctor',
    'how many clients this machine can carry, and what limits it',
    DOCTOR_SPEC,
    async () => (await import('./doctor/doctor.ts')).examine,
  ),
  command(
    'agent',
    'lend this machine to load tests that run on another one',
    AGENT_SPEC,
    async () => (await import('./agents/agent.ts')).serveAgent,
  ),
];

/** The one that needs no name; its help lists the others. */
export const RUN_COMMAND = command(
  'run',
  'load a hub and judge it (the default command)',
  { ...RUN_SPEC, commands: others.map(({ name, summary }) => [name, summary] as const) },
  async () => (await import('./run.ts')).run,
);
export const COMMANDS: readonly Command[] = [RUN_COMMAND, ...others];

function command<T extends OptionTable>(
  name: string,
  summary: string,
  spec: CommandSpec<T>,
  load: () => Promise<Action<T>>,
): Command {
  return { name, summary, spec, run: (argv) => runCommand(spec, argv, load) };
}
