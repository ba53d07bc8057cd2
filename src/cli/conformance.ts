#!/usr/bin/env node
// norn-conformance: judges a hub, clause by clause. Its flags, settings and reports are in conformance/.
import { REPORT_SPEC } from './conformance/report-spec.ts';
import { SPEC } from './conformance/spec.ts';
import { EXIT_CODE } from './exit-code.ts';
import { answerCompletion } from './options/completion.ts';
import { runCommand } from './run-command.ts';
import { runProgram } from './run-program.ts';

await runProgram(SPEC.program, async (argv) => {
  if (await answerCompletion({ spec: SPEC, commands: [{ name: 'report', spec: REPORT_SPEC }] }, argv))
    return EXIT_CODE.passed;
  if (argv[0] === 'report')
    return runCommand(
      REPORT_SPEC,
      argv.slice(1),
      async () => (await import('./conformance/report.ts')).renderEarlier,
    );
  return runCommand(SPEC, argv, async () => (await import('./conformance/judge.ts')).judge);
});
