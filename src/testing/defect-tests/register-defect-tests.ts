// Registers one defect test for each known-bad hub: every check that names the defect fails or warns, as the defect
// declares. Deadlines are short: what a hub does not do within 1.5 s on this machine it does not do.
import { expect, it } from 'vitest';
import type { Check } from '../../conformance/check.ts';
import { CHECKS } from '../../conformance/registry.ts';
import type { CheckResult } from '../../conformance/result.ts';
import type { Settings } from '../../conformance/run/settings.ts';
import type { Defect } from '../defect.ts';
import { createLanes } from '../lanes.ts';
import { judgeDefect } from './judge-defect.ts';
import { judgeDefectProcess } from './judge-defect-process.ts';
import { untilDecided } from './until-decided.ts';

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
      const results = await inLane(() => untilDecided(() => judge(defect, checks), isUndecided));
      const verdicts = Object.fromEntries(checks.map(({ id }) => [id, results.get(id)?.verdict]));
      expect(verdicts, describe(results)).toEqual(defect.namedBy);
    });
  }
}

/** A check gave no verdict, because this process lacked CPU time, or found the hub too slow for it. */
const isUndecided = (results: ReadonlyMap<string, CheckResult>): boolean =>
  [...results.values()].some(({ verdict }) => verdict === 'error' || verdict === 'skip');

function judge(
  { id, pingIntervalMillis }: Defect,
  checks: readonly Check[],
): Promise<ReadonlyMap<string, CheckResult>> {
  // Only a hub in a process of its own can be stopped, killed and started again.
  if (checks.some(({ needs }) => needs.includes('restart'))) return judgeDefectProcess(id, checks, SETTINGS);
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
