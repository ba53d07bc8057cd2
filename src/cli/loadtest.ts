#!/usr/bin/env node
// norn-loadtest: thousands of fast and slow clients against a hub, and a verdict. Its commands stand in loadtest/.
import { suggest } from '../units/suggest.ts';
import { abCommand } from './loadtest/ab.ts';
import { compareCommand } from './loadtest/compare.ts';
import { doctorCommand } from './loadtest/doctor.ts';
import { findCommand } from './loadtest/find.ts';
import type { Command } from './loadtest/options/command.ts';
import { recordCommand } from './loadtest/record.ts';
import { replayCommand } from './loadtest/replay.ts';
import { reportCommand } from './loadtest/report.ts';
import { createRunCommand } from './loadtest/run.ts';
import { shrinkCommand } from './loadtest/shrink.ts';
import { runProgram, UsageError } from './options/command-line.ts';

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
const runCommand = createRunCommand(others.map(({ name, summary }) => [name, summary]));
const commands = [runCommand, ...others];

await runProgram('norn-loadtest', (argv) => {
  const [first = '', ...rest] = argv;
  const command = commands.find(({ name }) => name === first);
  if (command) return command.run(rest);
  if (/^[a-z-]+$/.test(first) && !first.startsWith('-')) {
    const names = commands.map(({ name }) => name);
    const meant = suggest(first, names);
    throw new UsageError(
      `${first}: no such command${meant ? `; did you mean ${meant}?` : `; there are ${names.join(', ')}, or give a URL or a plan file`}`,
    );
  }
  return runCommand.run(argv);
});
