// Which plan a run has, in few characters: an agent that was claimed for one does not run another.
import { createHash } from 'node:crypto';
import type { PlanSummary } from '../../load/plan/plan-summary.ts';

/** SHA-256 of its JSON with the fields of every object in order. */
export function digestPlan(plan: PlanSummary): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex');
}

/** For people: digests that differ do so here. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
