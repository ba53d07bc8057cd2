// Hubs that no single check provokes: the exploration finds the bug from a fixed seed, and names what it needs.
import { describe, expect, it } from 'vitest';
import { programFile } from '../../target/spawn/program-file.ts';
import { startStdioTarget } from '../../target/spawn/stdio.ts';
import { systemClock } from '../../time/clock.ts';
import { createSettings } from '../run/settings.ts';
import { explore } from './search/explore.ts';

const PROGRAM = programFile(new URL('../../testing/programs/run-defect.ts', import.meta.url));
/** A program early in the search of this seed provokes the bug. */
const HUBS = [
  { defect: 'keys-merged-by-case', seed: 215, kinds: ['changed', 'stray-message'], factors: ['content'] },
  { defect: 'origin-of-forwarded-host', seed: 100, kinds: ['origin-accepted'], factors: ['origin', 'proxy'] },
  {
    defect: 'deflate-keeps-window',
    seed: 216,
    kinds: ['illegal-frame', 'changed', 'stray-message'],
    factors: ['offer'],
  },
] as const;

describe('exploration of a hub with a bug that needs something unusual', () => {
  it.concurrent.each(HUBS)(
    'finds $defect',
    async ({ defect, seed, kinds, factors }) => {
      const start = await startStdioTarget({ command: `'${process.execPath}' '${PROGRAM}' ${defect}` });
      if (!start.ok) throw new Error(start.problem);
      try {
        const { findings } = await explore({
          target: start.target,
          settings: createSettings({ seed }),
          clock: systemClock,
          // It ends with the finding.
          timeMillis: 90_000,
          mostFindings: 1,
          kit: { name: 'norn-loadtest', version: 'test' },
          command: 'norn-conformance explore',
        });
        const [finding] = findings;
        expect(kinds).toContain(finding?.kind);
        expect(Object.keys(finding?.programs.at(-1)?.factors ?? {})).toEqual(
          expect.arrayContaining([...factors]),
        );
      } finally {
        await start.target.close();
      }
    },
    180_000,
  );
});
