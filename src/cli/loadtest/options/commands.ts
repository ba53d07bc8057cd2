// Every command of norn-loadtest, in the order of its help. `run` is the one without a name.
import { abCommand } from '../compare/ab.ts';
import { compareCommand } from '../compare/compare.ts';
import { doctorCommand } from '../doctor/doctor.ts';
import { findCommand } from '../find.ts';
import { recordCommand } from '../fixtures/record.ts';
import { replayCommand } from '../fixtures/replay.ts';
import { shrinkCommand } from '../fixtures/shrink.ts';
import { reportCommand } from '../report.ts';
import { createRunCommand } from '../run.ts';
import type { Command } from './command.ts';

const others: readonly Command[] = [
  findCommand,
  compareCommand,
  abCommand,
  replayCommand,
  recordCommand,
  shrinkCommand,
  reportCommand,
  doctorCommand,
];

export const RUN_COMMAND = createRunCommand(others.map(({ name, summary }) => [name, summary]));
export const COMMANDS: readonly Command[] = [RUN_COMMAND, ...others];
