// The flags that name a hub and how it is driven, shared by every program that tests one.
import { findRefused } from '../../target/refuse-non-loopback.ts';
import { parseTargetFlags, type TargetChoice } from '../../target/target-flags.ts';
import type { OptionValues } from './command-line.ts';
import { flag, integer, text, texts } from './option.ts';
import { UsageError } from './usage-error.ts';

const group = 'Hub under test:';

export const TARGET_OPTIONS = {
  'broadcast-url': { ...text('Where to POST events [/broadcast on the same host]', 'URL'), group },
  'broadcast-header': { ...texts('Header of these requests, "Name: value"; repeatable', 'HEADER'), group },
  'broadcast-template': {
    ...text('Body of these requests, with a placeholder for the envelope', 'FILE'),
    group,
  },
  spawn: { ...text('Start the hub with this command and read its ready line', 'CMD'), group },
  adapter: { ...text('Module that default-exports createTarget()', 'FILE'), group },
  observe: { ...flag('Only listen: never make the hub broadcast'), group },
  pid: { ...integer('Process of the hub, to read its memory and descriptors', 'PID', 1, 2 ** 31), group },
} as const;

/** The hub that the flags name; contradicting flags are a usage error. */
export function readTargetChoice(
  url: string | undefined,
  values: OptionValues<typeof TARGET_OPTIONS>,
): TargetChoice {
  const choice = parseTargetFlags({
    url,
    spawn: values.spawn,
    adapter: values.adapter,
    broadcastUrl: values['broadcast-url'],
    broadcastHeader: values['broadcast-header'],
    broadcastTemplate: values['broadcast-template'],
    observe: values.observe,
    pid: values.pid,
  });
  if (!choice.ok) throw new UsageError(choice.problem);
  return choice.value;
}

/** The choice with the permission for other machines; throws UsageError for an address that is refused. */
export function mustBeLoopback(choice: TargetChoice, isRemoteAllowed: boolean | undefined): TargetChoice {
  const url = 'url' in choice ? choice.url : undefined;
  const broadcastUrl = 'broadcastUrl' in choice ? choice.broadcastUrl : undefined;
  const refused = findRefused([url, broadcastUrl], isRemoteAllowed);
  if (refused !== undefined) throw new UsageError(refused);
  return isRemoteAllowed ? { ...choice, isRemoteAllowed } : choice;
}
