#!/usr/bin/env node
// norn-hub: the reference hub as a program. Its flags and its work are in hub/.
import { EXIT_CODE } from './exit-code.ts';
import { SPEC } from './hub/spec.ts';
import { answerCompletion } from './options/completion.ts';
import { runCommand } from './run-command.ts';
import { runProgram } from './run-program.ts';

await runProgram(SPEC.program, async (argv) => {
  if (await answerCompletion({ spec: SPEC }, argv)) return EXIT_CODE.passed;
  return runCommand(SPEC, argv, async () => (await import('./hub/serve.ts')).serve);
});
