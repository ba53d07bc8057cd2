// The hubs that the flags of target-options.ts name. A contradiction or a forbidden address is a usage error.
import { SECRETS } from '../../kit/secrets.ts';
import { allSecrets, findMisfit, type NumberOfClients } from '../../target/identity/client-identity.ts';
import type { IdentityFlags } from '../../target/identity/identity-flags.ts';
import { findRefused } from '../../target/refuse-non-loopback.ts';
import { type HubChoices, type HubsFlags, parseHubsFlags } from '../../target/replicas/hubs-flags.ts';
import { parseTargetFlags, type TargetChoice, type TargetFlags } from '../../target/target-flags.ts';
import type { TlsFlags } from '../../target/tls/tls-flags.ts';
import type { OptionValues } from './command-line.ts';
import type {
  CLIENT_OPTIONS,
  HUBS_OPTIONS,
  IDENTITY_OPTIONS,
  TARGET_OPTIONS,
  TLS_OPTIONS,
} from './target-options.ts';
import { UsageError } from './usage-error.ts';

type IdentityValues = OptionValues<typeof CLIENT_OPTIONS> &
  Partial<OptionValues<typeof IDENTITY_OPTIONS>> & { readonly seed?: number | undefined };

/** The hub that the flags name; contradicting flags are a usage error. */
export function readTargetChoice(
  url: string | undefined,
  values: OptionValues<typeof TARGET_OPTIONS & typeof TLS_OPTIONS> & IdentityValues,
  cohortClient: TargetFlags['cohortClient'] = undefined,
): TargetChoice {
  return mustParseTarget({
    url,
    spawn: values.spawn,
    broadcastUrl: values['broadcast-url'],
    ...commonFlags(values, cohortClient),
  });
}

/** The same for a command that takes several hubs. */
export function readHubChoices(
  urls: readonly string[],
  values: OptionValues<typeof HUBS_OPTIONS & typeof TLS_OPTIONS> & IdentityValues,
  cohortClient?: TargetFlags['cohortClient'],
): HubChoices {
  const flags = {
    urls,
    spawns: values.spawn ?? [],
    broadcastUrls: values['broadcast-url'] ?? [],
    inTurn: values['in-turn'],
    ...commonFlags(values, cohortClient),
  };
  const choices = parseHubsFlags(flags);
  if (!choices.ok) throw new UsageError(choices.problem);
  for (const { identity } of choices.value) for (const one of allSecrets(identity)) SECRETS.add(one);
  return choices.value;
}

function commonFlags(
  values: Omit<OptionValues<typeof TARGET_OPTIONS & typeof TLS_OPTIONS>, 'spawn' | 'broadcast-url'> &
    IdentityValues,
  cohortClient: TargetFlags['cohortClient'],
): Omit<HubsFlags, 'urls' | 'spawns' | 'broadcastUrls' | 'inTurn'> {
  return {
    adapter: values.adapter,
    broadcastHeader: values['broadcast-header'],
    broadcastTemplate: values['broadcast-template'],
    observe: values.observe,
    pid: values.pid,
    behindProxy: values['behind-proxy'],
    ...readTlsValues(values),
    ...readIdentityValues(values),
    cohortClient,
  };
}

/** From here on nothing that is written holds a value of the client data or of the environment. */
export function mustParseTarget(flags: TargetFlags, about = ''): TargetChoice {
  const choice = parseTargetFlags(flags);
  if (!choice.ok) throw new UsageError(`${about}${choice.problem}`);
  for (const one of allSecrets(choice.value.identity)) SECRETS.add(one);
  return choice.value;
}

/** Throws UsageError where the client data has too few rows for these cohorts, or names others. */
export function mustHaveRows({ identity }: TargetChoice, cohorts: readonly NumberOfClients[]): void {
  const problem = findMisfit(identity, cohorts);
  if (problem !== undefined) throw new UsageError(problem);
}

/** The flags of target-options.ts that say who the clients are. */
export function readIdentityValues(values: IdentityValues): IdentityFlags {
  return {
    clientHeader: values['client-header'],
    origin: values.origin,
    subprotocol: values.subprotocol,
    clientData: values['client-data'],
    clientDataReuse: values['client-data-reuse'],
    seed: values.seed,
  };
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

export function allMustBeLoopback(
  [first, ...others]: HubChoices,
  isRemoteAllowed: boolean | undefined,
): HubChoices {
  return [
    mustBeLoopback(first, isRemoteAllowed),
    ...others.map((choice) => mustBeLoopback(choice, isRemoteAllowed)),
  ];
}
