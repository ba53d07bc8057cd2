#!/usr/bin/env node
// norn-conformance: judges a hub, clause by clause.
import { packageVersion, runProgram, UsageError } from './command-line.ts';
import { EXIT_CODE } from './exit-code.ts';

await runProgram('norn-conformance', async (argv) => {
  if (argv.includes('--version')) {
    console.log(packageVersion());
    return EXIT_CODE.held;
  }
  throw new UsageError('the conformance suite is not built yet');
});
