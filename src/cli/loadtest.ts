#!/usr/bin/env node
// norn-loadtest: thousands of fast and slow clients against a hub, and a verdict. Its commands are in loadtest/commands.ts.
import { EXIT_CODE } from './exit-code.ts';
import { COMMANDS, RUN_COMMAND } from './loadtest/commands.ts';
import { answerCompletion } from './options/completion.ts';
import { refuseUnknownCommand } from './options/unknown-command.ts';
import { runProgram } from './run-program.ts';

await runProgram('norn-loadtest', async (argv) => {
  if (await answerCompletion({ spec: RUN_COMMAND.spec, commands: COMMANDS }, argv)) return EXIT_CODE.passed;
  const [first = '', ...rest] = argv;
  const command = COMMANDS.find(({ name }) => name === first);
  if (command) return command.run(rest);
  refuseUnknownCommand(
    first,
    COMMANDS.map(({ name }) => name),
    'a URL or a plan file',
  );
  return RUN_COMMAND.run(argv);
});
