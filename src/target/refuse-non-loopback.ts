// Load goes to this machine only, unless the user says that the other machine is theirs to load.
import { type Parsed, parsed, unparsed } from '../units/parsed.ts';
import { isLoopbackAddress } from '../wire/address/loopback.ts';
import { isUnixUrl } from '../wire/address/unix-url.ts';
import { FLAG_NAMES, type OptionNames } from './option-names.ts';

/** Whether other machines may be contacted, and how the caller allows it. */
export interface RemoteRule {
  readonly isRemoteAllowed?: boolean | undefined;
  readonly names?: OptionNames | undefined;
}

/** The URL when its host is this machine's loopback by name or address, or when the rule allows others. */
export function refuseNonLoopback(
  url: string,
  { isRemoteAllowed = false, names = FLAG_NAMES }: RemoteRule = {},
): Parsed<string> {
  if (!URL.canParse(url)) return unparsed(`'${url}' is not a URL`);
  const { hostname } = new URL(url);
  if (isRemoteAllowed || isUnixUrl(url) || isLoopback(hostname)) return parsed(url);
  return unparsed(
    `${hostname} is not this machine, and load is sent to loopback only; ` +
      `pass ${names.allowRemoteTarget} if that host is yours to load`,
  );
}

/** The first of the addresses that may not be contacted, as a sentence; undefined when all may. */
export function findRefused(urls: readonly (string | undefined)[], rule: RemoteRule): string | undefined {
  for (const url of urls) {
    const allowed = url === undefined ? undefined : refuseNonLoopback(url, rule);
    if (allowed?.ok === false) return allowed.problem;
  }
  return undefined;
}

export const isLoopbackUrl = (url: string): boolean => isLoopback(new URL(url).hostname);

// As `new URL` writes hosts: lower case, IPv4 in four parts, IPv6 in brackets and shortened. Other names are not
// looked up: what a name means today is no promise for the whole run; what localhost means is looked at whenever something
// connects (wire/address/resolve-host.ts).
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''));
}
