// A conformance.json of schema version 1 as version 2: the same run under the present names, with its verdict.
import { isRecord, renameFields } from '../../files/rename-fields.ts';
import { judgeRun } from '../verdict.ts';

export function upgradeConformanceResult(old: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { schemaVersion, environment, ...same } = old;
  return {
    ...same,
    schemaVersion: 2,
    environment: renameFields(environment, { cpus: 'cores' }),
    ...(isJudgeable(old) ? { verdict: judgeRun(old) } : {}),
  };
}

type Judgeable = Parameters<typeof judgeRun>[0];

/** The schema says what is wrong with any other. */
function isJudgeable(old: Readonly<Record<string, unknown>>): old is Judgeable & Record<string, unknown> {
  const { checks, staleKnownFailing, settings } = old;
  return (
    Array.isArray(checks) && checks.every(isRecord) && Array.isArray(staleKnownFailing) && isRecord(settings)
  );
}
