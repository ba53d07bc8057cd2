// A loadtest.json of schema version 1 as version 2: the same run under the present names.
import { renameFields } from '../../../files/rename-fields.ts';

const VERDICTS: Readonly<Record<string, string>> = {
  held: 'passed',
  failed: 'failed',
  undecided: 'inconclusive',
  'target-failed': 'failed',
};

export function upgradeLoadtestResult(old: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { schemaVersion, durationMillis, environment, plan, verdict, timeline, ...same } = old;
  return {
    ...same,
    schemaVersion: 2,
    durationMs: durationMillis,
    environment: renameFields(environment, { smallWindow: 'hasSmallWindow' }),
    plan: renameFields(plan, { durationMillis: 'durationMs' }),
    verdict: VERDICTS[String(verdict)],
    hasTargetFailed: verdict === 'target-failed',
    timeline: Array.isArray(timeline)
      ? timeline.map((second) => renameFields(second, { evictions: 'evicted' }))
      : timeline,
  };
}
