// The hub that the flags of target-options.ts name. A contradiction or a forbidden address is a usage error.
import { findRefused } from '../../target/refuse-non-loopback.ts';
import { parseTargetFlags, type TargetChoice } from '../../target/target-flags.ts';
import type { TlsFlags } from '../../target/tls/tls-flags.ts';
import type { OptionValues } from './command-line.ts';
import type { TARGET_OPTIONS, TLS_OPTIONS } from './target-options.ts';
import { UsageError } from './usage-error.ts';

/** The hub that the flags name; contradicting flags are a usage error. */
export function readTargetChoice(
  url: string | undefined,
  values: OptionValues<typeof TARGET_OPTIONS & typeof TLS_OPTIONS>,
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
    ...readTlsValues(values),
  });
  if (!choice.ok) throw new UsageError(choice.problem);
  return choice.value;
}

/** The flags of target-options.ts for TLS; the passphrase of a key comes from the environment alone. */
export function readTlsValues(values: OptionValues<typeof TLS_OPTIONS>): TlsFlags {
  const { ca, cert, key, servername, insecure } = values;
  return { ca, cert, key, servername, insecure, keyPassphrase: process.env.NORN_KEY_PASSPHRASE };
}

/** The choice with the permission for other machines; throws UsageError for an address that is refused. */
export function mustBeLoopback(choice: TargetChoice, isRemoteAllowed: boolean | undefined): TargetChoice {
  const url = 'url' in choice ? choice.url : undefined;
  const broadcastUrl = 'broadcastUrl' in choice ? choice.broadcastUrl : undefined;
  const refused = findRefused([url, broadcastUrl], { isRemoteAllowed });
  if (refused !== undefined) throw new UsageError(refused);
  return isRemoteAllowed ? { ...choice, isRemoteAllowed } : choice;
}
