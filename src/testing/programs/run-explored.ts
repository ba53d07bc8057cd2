#!/usr/bin/env node
// Explores every hub that only exploring finds, and prints what was found of each: `npm run explored [SECONDS] [SEED]`.
import { explore } from '../../conformance/explore/search/explore.ts';
import { createSettings } from '../../conformance/run/settings.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { startStdioTarget } from '../../target/spawn/stdio.ts';
import { systemClock } from '../../time/clock.ts';
import { EXPLORED_DEFECTS } from '../registry.ts';

const [seconds = '60', seed = '1'] = process.argv.slice(2);
const PROGRAM = programFile(new URL('./run-defect.ts', import.meta.url));
let missed = 0;

for (const { id, summary } of EXPLORED_DEFECTS) {
  const start = await startStdioTarget({ command: `'${process.execPath}' '${PROGRAM}' ${id}` });
  if (!start.ok) throw new Error(start.problem);
  const { findings, programs } = await explore({
    target: start.target,
    settings: createSettings({ seed: Number(seed) }),
    clock: systemClock,
    timeMillis: Number(seconds) * 1_000,
    mostFindings: 1,
    kit: { name: 'norn-loadtest', version: 'test' },
    command: 'npm run explored',
  });
  await start.target.close();
  if (findings.length === 0) missed++;
  const found = findings.map(({ title }) => title)[0] ?? 'NOTHING FOUND';
  console.log(`${id}: ${summary}\n  after ${programs} programs: ${found}`);
}
process.exit(missed === 0 ? 0 : 1);
