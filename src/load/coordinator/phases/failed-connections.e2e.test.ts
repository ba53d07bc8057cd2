// A hub that has descriptors for some of the clients only: the finding counts the others with their reasons.
import { describe, expect, it } from 'vitest';
import { loadHub } from '../../../library/load-hub.ts';
import { programFile } from '../../../target/spawn/program-file.ts';

const HUB = programFile(new URL('../../../cli/hub.ts', import.meta.url));
const MAX_DESCRIPTORS = 60;

describe.skipIf(process.platform !== 'linux')('a hub without descriptors for all clients', () => {
  it('is said to have refused the others, whatever became of the run', async () => {
    const result = await loadHub({
      spawn: `bash -c "ulimit -n ${MAX_DESCRIPTORS}; exec '${process.execPath}' '${HUB}' --port 0"`,
      cohorts: ['fast=80'],
      ratePerSecond: 20,
      durationMillis: 1_000,
      warmupMillis: 200,
      workers: 1,
    });
    const [cohort] = result.cohorts;
    expect(cohort?.connected).toBeGreaterThan(0);
    expect(cohort?.connected).toBeLessThan(MAX_DESCRIPTORS);
    const message = expect.stringMatching(
      new RegExp(`^${80 - (cohort?.connected ?? 0)} of 80 clients could not connect, .* did: \\d+ x ws://`),
    );
    expect(result.findings.find(({ name }) => name === 'not-connected')).toMatchObject({ message });
  });
});
