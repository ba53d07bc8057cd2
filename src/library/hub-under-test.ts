// Which hub a call is about, and how it is driven: the same choices as the flags of the programs.

import { KitError } from '../kit/kit-error.ts';
import { type OptionRules, TEXTS, TRUE_OR_FALSE } from '../kit/option-rules.ts';
import { redactValue } from '../kit/redact-value.ts';
import { createSecrets } from '../kit/secrets.ts';
import { allSecrets, findMisfit, type NumberOfClients } from '../target/identity/client-identity.ts';
import { LIBRARY_NAMES } from '../target/option-names.ts';
import { refuseNonLoopback } from '../target/refuse-non-loopback.ts';
import { type HubChoices, parseHubsFlags } from '../target/replicas/hubs-flags.ts';
import { closeHubs, startChosenHubs } from '../target/replicas/start-hubs.ts';
import type { ReferenceOptions } from '../target/spawn/reference.ts';
import type { Target } from '../target/target.ts';
import { TARGET_RULES, type TargetChoice, type TargetFlags } from '../target/target-flags.ts';

/** Without any of the choices the reference hub is started on a free port. */
export interface HubUnderTest extends TargetFlags {
  /** The hub is on another machine, and that is the caller's to load. */
  readonly allowRemoteTarget?: boolean | undefined;
}

/** For calls that take several hubs, which must deliver the same events: they are published at the first. */
export interface HubsUnderTest extends HubUnderTest {
  /** Where clients connect to the further hubs. */
  readonly replicas?: readonly string[] | undefined;
  /** Commands that start them; the first is `spawn`. */
  readonly spawnReplicas?: readonly string[] | undefined;
  /** Events are published at all hubs in turn, a second each, instead of at the first. */
  readonly inTurn?: boolean | undefined;
}

export const HUB_UNDER_TEST_RULES: OptionRules<HubUnderTest> = {
  ...TARGET_RULES,
  allowRemoteTarget: TRUE_OR_FALSE,
};

export const HUBS_UNDER_TEST_RULES: OptionRules<HubsUnderTest> = {
  ...HUB_UNDER_TEST_RULES,
  replicas: TEXTS,
  spawnReplicas: TEXTS,
  inTurn: TRUE_OR_FALSE,
};

/**
 * Starts or reaches the hub, or several as one target, hands it to `work`, and closes it whatever happens. Rejects with KitError. Neither the result
 * nor an error holds the secrets of the call: header values, client data and the user part of URLs. `cohorts` are the
 * clients that will connect, where there are several.
 */
export async function withHub<T>(
  hub: HubsUnderTest,
  reference: ReferenceOptions,
  work: (target: Target, choice: TargetChoice) => Promise<T>,
  cohorts?: readonly NumberOfClients[],
): Promise<T> {
  const { add, addHeader, redact } = createSecrets();
  for (const header of hub.broadcastHeader ?? []) addHeader(header);
  if (hub.keyPassphrase !== undefined) add(hub.keyPassphrase);
  const { replicas = [], spawnReplicas = [] } = hub;
  const choices = mustParse(hub, replicas, spawnReplicas, redact);
  for (const { identity } of choices) {
    const misfit = cohorts && findMisfit(identity, cohorts);
    if (misfit !== undefined) throw new KitError('BAD_OPTION', misfit);
    for (const secret of allSecrets(identity)) add(secret);
  }
  for (const url of [hub.url, hub.broadcastUrl, ...replicas])
    if (url !== undefined) requireLoopback(url, hub.allowRemoteTarget);
  const allow = (choice: TargetChoice) => ({ ...choice, isRemoteAllowed: hub.allowRemoteTarget });
  const [first, ...others] = choices;
  const allowed = allow(first);
  const start = await startChosenHubs([allowed, ...others.map(allow)], reference);
  if (!start.ok) throw new KitError('TARGET_FAILED', redact(start.problem));
  try {
    return redactValue(await work(start.target, allowed), redact);
  } finally {
    await closeHubs(start.target);
  }
}

function mustParse(
  hub: HubsUnderTest,
  replicas: readonly string[],
  spawnReplicas: readonly string[],
  redact: (text: string) => string,
): HubChoices {
  if (replicas.length > 0 && hub.url === undefined)
    throw new KitError('BAD_OPTION', 'replicas: needs url, the first of the hubs');
  if (spawnReplicas.length > 0 && hub.spawn === undefined)
    throw new KitError('BAD_OPTION', 'spawnReplicas: needs spawn, the first of the hubs');
  const urls = [hub.url ?? [], ...replicas].flat();
  const spawns = [hub.spawn ?? [], ...spawnReplicas].flat();
  const choices = parseHubsFlags(
    { ...hub, urls, spawns, broadcastUrls: [hub.broadcastUrl ?? []].flat() },
    LIBRARY_NAMES,
  );
  if (!choices.ok) throw new KitError('BAD_OPTION', redact(choices.problem));
  return choices.value;
}

export function requireLoopback(url: string, isRemoteAllowed: boolean | undefined): void {
  const near = refuseNonLoopback(url, { isRemoteAllowed, names: LIBRARY_NAMES });
  if (!near.ok) throw new KitError('BAD_OPTION', near.problem);
}
