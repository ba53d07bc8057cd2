#!/usr/bin/env node
// Explores every hub that only exploring finds, or every correct variant, and prints what was found of each:
// `npm run explored -- [SECONDS] [SEED] [defects|correct|ID]`. Exits 1 when a bug was missed, or a correct hub was blamed.
import type { ExploreResult } from '../../conformance/explore/result.ts';
import { explore } from '../../conformance/explore/search/explore.ts';
import { createSettings } from '../../conformance/run/settings.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { startStdioTarget } from '../../target/spawn/stdio.ts';
import { systemClock } from '../../time/clock.ts';
import { CORRECT_VARIANTS, EXPLORED_DEFECTS } from '../registry.ts';

const [seconds = '60', seed = '1', which = 'defects'] = process.argv.slice(2);
const PROGRAM = programFile(new URL('./run-defect.ts', import.meta.url));

interface Explored {
  readonly id: string;
  readonly summary: string;
}

async function exploreOne(id: string, mostFindings: number): Promise<ExploreResult> {
  const start = await startStdioTarget({ command: `'${process.execPath}' '${PROGRAM}' ${id}` });
  if (!start.ok) throw new Error(start.problem);
  try {
    return await explore({
      target: start.target,
      settings: createSettings({ seed: Number(seed) }),
      clock: systemClock,
      timeMillis: Number(seconds) * 1_000,
      mostFindings,
      kit: { name: 'norn-loadtest', version: 'test' },
      command: 'npm run explored',
    });
  } finally {
    await start.target.close();
  }
}

async function exploreAll(hubs: readonly Explored[], isCorrect: boolean): Promise<boolean> {
  let isAsExpected = true;
  for (const { id, summary } of hubs) {
    const { findings, unconfirmed, programs, durationMs } = await exploreOne(id, isCorrect ? 9 : 1);
    if ((findings.length === 0) !== isCorrect) isAsExpected = false;
    console.log(`${id}: ${summary}\n  ${programs} programs in ${(durationMs / 1_000).toFixed(1)} s`);
    for (const { title, who, got } of findings) console.log(`  FOUND ${title}: ${who}: ${got}`);
    for (const line of unconfirmed) console.log(`  not again: ${line}`);
    if (findings.length === 0) console.log('  nothing found');
  }
  return isAsExpected;
}

const one = [...EXPLORED_DEFECTS, ...CORRECT_VARIANTS].filter(({ id }) => id === which);
const isCorrect = which === 'correct' || CORRECT_VARIANTS.some(({ id }) => id === which);
const all: readonly Explored[] = isCorrect ? CORRECT_VARIANTS : EXPLORED_DEFECTS;
process.exit((await exploreAll(one.length > 0 ? one : all, isCorrect)) ? 0 : 1);
