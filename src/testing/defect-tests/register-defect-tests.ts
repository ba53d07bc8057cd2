// Registers one defect test for each known-bad hub: every check that names the defect fails or warns, as the defect
// declares. Deadlines are short: what a hub does not do within 1.5 s on this machine it does not do.
import { expect, it } from 'vitest';
import { fastNotDelayed } from '../../conformance/chapters/slow-client/fast-not-delayed.ts';
import type { Check } from '../../conformance/check.ts';
import { CHECKS } from '../../conformance/registry.ts';
import type { CheckResult } from '../../conformance/result.ts';
import type { Settings } from '../../conformance/run/settings.ts';
import type { Defect } from '../defect.ts';
import { createLanes } from '../lanes.ts';
import { judgeDefect } from './judge-defect.ts';
import { judgeDefectProcess } from './judge-defect-process.ts';
import { untilDecided } from './until-decided.ts';

/** On a machine that other tests keep busy. */
const MOST_ATTEMPTS = 6;
/** With the wait for a lane. */
const DEADLINE_MILLIS = 400_000;
const SETTINGS: Partial<Settings> = {
  waitMillis: 1_500,
  kickDeadlineMillis: 1_500,
  allowedOrigins: ['https://norn.example.com'],
};

/** On a loaded machine a reader needs more than a second to read what was queued. */
const EVICTION_GRACE_MILLIS = 5_000;

export const namingChecks = ({ namedBy }: Defect) => CHECKS.filter(({ id }) => id in namedBy);

/** `lanes`: how many hubs are judged at the same time. */
export function registerDefectTests(defects: readonly Defect[], lanes: number): void {
  const inLane = createLanes(lanes);
  for (const defect of defects) {
    const named = Object.entries(defect.namedBy).map(([id, verdict]) => `${verdict} from ${id}`);
    it.concurrent(`${defect.id} gets ${named.join(' and ')}`, { timeout: DEADLINE_MILLIS }, async () => {
      const checks = namingChecks(defect);
      const results = await inLane(() =>
        untilDecided(
          () => judge(defect, checks),
          (results) => isUndecided(results) || isHidden(results),
          MOST_ATTEMPTS,
        ),
      );
      const verdicts = Object.fromEntries(checks.map(({ id }) => [id, results.get(id)?.verdict]));
      expect(verdicts, describe(results)).toEqual(defect.namedBy);
    });
  }
}

/** A check gave no verdict, because this process lacked CPU time, or found the hub too slow for it. */
const isUndecided = (results: ReadonlyMap<string, CheckResult>): boolean =>
  [...results.values()].some(({ verdict }) => verdict === 'error' || verdict === 'skip');

/** What a busy machine delays may hide what the hub delays by milliseconds. */
const isHidden = (results: ReadonlyMap<string, CheckResult>): boolean =>
  results.get(fastNotDelayed.id)?.verdict === 'pass';

/** A process of its own: it can be stopped, killed and started again, has memory of its own, and time of its own. */
const needsProcess = ({ id, needs, isolation }: Check): boolean =>
  isolation === 'second-hub' ||
  needs.includes('restart') ||
  needs.includes('resources') ||
  id === fastNotDelayed.id;

function judge(
  { id, pingIntervalMillis }: Defect,
  checks: readonly Check[],
): Promise<ReadonlyMap<string, CheckResult>> {
  if (checks.some(needsProcess)) return judgeDefectProcess(id, checks, SETTINGS);
  const declared = pingIntervalMillis === undefined ? {} : { pingIntervalMillis };
  return judgeDefect(
    id,
    checks,
    { ...SETTINGS, ...declared },
    { evictionGraceMillis: EVICTION_GRACE_MILLIS, ...declared },
  );
}

function describe(results: ReadonlyMap<string, CheckResult>): string {
  return [...results.values()]
    .map(({ id, verdict, got, reason }) => `${id}: ${verdict}, ${got ?? reason ?? 'no details'}`)
    .join('\n');
}
