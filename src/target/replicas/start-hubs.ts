// From the hubs that the user named to one started target, or one sentence on why not.
import { forgetAddresses } from '../../wire/address/reachable-addresses.ts';
import { type ChosenTarget, startChosenTarget } from '../choose-target.ts';
import { FLAG_NAMES } from '../option-names.ts';
import type { ReferenceOptions } from '../spawn/reference.ts';
import type { Target } from '../target.ts';
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
  const [publisher, ...publishers] = targets.filter((_, at) => !choices[at]?.isListenedTo);
  const problem = failed ?? findMute([publisher ?? [], ...publishers].flat(), choices[0].names);
  if (problem !== undefined || first === undefined || publisher === undefined) {
    await Promise.all(targets.map((target) => target.close()));
    return problem ?? { ok: false, problem: 'there is no hub' };
  }
  const { notice } = starts[0] as Extract<ChosenTarget, { ok: true }>;
  const target = joinTargets([first, ...others], [publisher, ...publishers]);
  return { ok: true, target, ...(notice !== undefined && { notice }) };
}

/** Of a process that may test others later: what their names mean is looked up then. */
export async function closeHubs(target: Target): Promise<void> {
  await target.close();
  forgetAddresses();
}

/** Of several at which events are to be published, one that cannot be made to broadcast. */
function findMute(publishers: readonly Target[], names = FLAG_NAMES): ChosenTarget | undefined {
  const mute = publishers.length < 2 ? undefined : publishers.find(({ abilities }) => !abilities.broadcast);
  if (mute === undefined) return undefined;
  const why = mute.abilities.missing.broadcast ?? 'it cannot be made to broadcast';
  return { ok: false, problem: `${mute.url}: ${why}; name its route with ${names.broadcastUrl}` };
}
