// Which hub a call is about, and how it is driven: the same choices as the flags of the programs.

import { KitError } from '../kit/kit-error.ts';
import { type OptionRules, TRUE_OR_FALSE } from '../kit/option-rules.ts';
import { redactValue } from '../kit/redact-value.ts';
import { createSecrets } from '../kit/secrets.ts';
import { startChosenTarget } from '../target/choose-target.ts';
import { allSecrets, findMisfit, type NumberOfClients } from '../target/identity/client-identity.ts';
import { LIBRARY_NAMES } from '../target/option-names.ts';
import { refuseNonLoopback } from '../target/refuse-non-loopback.ts';
import type { ReferenceOptions } from '../target/spawn/reference.ts';
import type { Target } from '../target/target.ts';
import {
  parseTargetFlags,
  TARGET_RULES,
  type TargetChoice,
  type TargetFlags,
} from '../target/target-flags.ts';

/** Without any of the choices the reference hub is started on a free port. */
export interface HubUnderTest extends TargetFlags {
  /** The hub is on another machine, and that is the caller's to load. */
  readonly allowRemoteTarget?: boolean | undefined;
}

export const HUB_UNDER_TEST_RULES: OptionRules<HubUnderTest> = {
  ...TARGET_RULES,
  allowRemoteTarget: TRUE_OR_FALSE,
};

/**
 * Starts or reaches the hub, hands it to `work`, and closes it whatever happens. Rejects with KitError. Neither the result
 * nor an error holds the secrets of the call: header values, client data and the user part of URLs. `cohorts` are the
 * clients that will connect, where there are several.
 */
export async function withHub<T>(
  hub: HubUnderTest,
  reference: ReferenceOptions,
  work: (target: Target, choice: TargetChoice) => Promise<T>,
  cohorts?: readonly NumberOfClients[],
): Promise<T> {
  const { add, addHeader, redact } = createSecrets();
  for (const header of hub.broadcastHeader ?? []) addHeader(header);
  if (hub.keyPassphrase !== undefined) add(hub.keyPassphrase);
  const choice = parseTargetFlags(hub, LIBRARY_NAMES);
  if (!choice.ok) throw new KitError('BAD_OPTION', redact(choice.problem));
  const misfit = cohorts && findMisfit(choice.value.identity, cohorts);
  if (misfit !== undefined) throw new KitError('BAD_OPTION', misfit);
  for (const secret of allSecrets(choice.value.identity)) add(secret);
  for (const url of [hub.url, hub.broadcastUrl])
    if (url !== undefined) requireLoopback(url, hub.allowRemoteTarget);
  const allowed = { ...choice.value, isRemoteAllowed: hub.allowRemoteTarget };
  const start = await startChosenTarget(allowed, reference);
  if (!start.ok) throw new KitError('TARGET_FAILED', redact(start.problem));
  try {
    return redactValue(await work(start.target, allowed), redact);
  } finally {
    await start.target.close();
  }
}

export function requireLoopback(url: string, isRemoteAllowed: boolean | undefined): void {
  const near = refuseNonLoopback(url, { isRemoteAllowed, names: LIBRARY_NAMES });
  if (!near.ok) throw new KitError('BAD_OPTION', near.problem);
}
