// From the hubs that the user named to one started target, or one sentence on why not.
import { type ChosenTarget, startChosenTarget } from '../choose-target.ts';
import type { ReferenceOptions } from '../spawn/reference.ts';
import type { TargetChoice } from '../target-flags.ts';
import { joinTargets } from './joined-targets.ts';

/** All start at once. Where one fails, those that were started are closed. */
export async function startChosenHubs(
  choices: readonly [TargetChoice, ...TargetChoice[]],
  reference: ReferenceOptions = {},
): Promise<ChosenTarget> {
  const [only] = choices;
  if (choices.length === 1) return startChosenTarget(only, reference);
  const starts = await Promise.all(choices.map((choice) => startChosenTarget(choice, reference)));
  const failed = starts.find(({ ok }) => !ok);
  const targets = starts.flatMap((start) => (start.ok ? [start.target] : []));
  const [first, ...others] = targets;
  if (failed !== undefined || first === undefined) {
    await Promise.all(targets.map((target) => target.close()));
    return failed ?? { ok: false, problem: 'there is no hub' };
  }
  const { notice } = starts[0] as Extract<ChosenTarget, { ok: true }>;
  return { ok: true, target: joinTargets(first, others), ...(notice !== undefined && { notice }) };
}
