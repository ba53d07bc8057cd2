#!/usr/bin/env node
// norn-conformance: judges a hub, clause by clause. Its flags, settings and reports are in conformance/.
import { EXPLORE_SPEC } from './conformance/explore/spec.ts';
import { REPORT_SPEC } from './conformance/report-spec.ts';
import { SPEC } from './conformance/spec.ts';
import { EXIT_CODE } from './exit-code.ts';
import { answerCompletion } from './options/completion.ts';
import { refuseUnknownCommand } from './options/unknown-command.ts';
import { runCommand } from './run-command.ts';
import { runProgram } from './run-program.ts';

const SUBCOMMANDS = [
  { name: 'explore', spec: EXPLORE_SPEC },
  { name: 'report', spec: REPORT_SPEC },
];

await runProgram(SPEC.program, async (argv) => {
  if (await answerCompletion({ spec: SPEC, commands: SUBCOMMANDS }, argv)) return EXIT_CODE.passed;
  if (argv[0] === 'explore')
    return runCommand(
      EXPLORE_SPEC,
      argv.slice(1),
      async () => (await import('./conformance/explore/explore.ts')).runExplore,
    );
  if (argv[0] === 'report')
    return runCommand(
      REPORT_SPEC,
      argv.slice(1),
      async () => (await import('./conformance/report.ts')).renderEarlier,
    );
  refuseUnknownCommand(
    argv[0] ?? '',
    SUBCOMMANDS.map(({ name }) => name),
    'a URL',
  );
  return runCommand(SPEC, argv, async () => (await import('./conformance/judge.ts')).judge);
});
