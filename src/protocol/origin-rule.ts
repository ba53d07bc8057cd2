// The origin rule (protocol, "Origin Checking"): empty, listed, local host, otherwise refused, in this order.
import type { GoUrlEra } from './go-url-authority.ts';
import { goHostname } from './go-url-host.ts';

/** Host names that are always allowed, compared as they stand: no case folding. */
const LOCAL_HOSTNAMES = ['localhost', '127.0.0.1', '::1'] as const;

export interface OriginVerdict {
  readonly isAllowed: boolean;
  /** Which of the protocol's four rules decided: 1 empty, 2 listed, 3 local host, 4 otherwise. */
  readonly rule: 1 | 2 | 3 | 4;
  /** One sentence for a person. */
  readonly reason: string;
}

/** Judges the value of one Origin header; undefined when there is none. Optional white space around it is ignored. */
export function judgeOrigin(
  origin: string | undefined,
  allowedOrigins: readonly string[],
  era: GoUrlEra = 'C',
): OriginVerdict {
  const value = (origin ?? '').replace(/^[ \t]+|[ \t]+$/g, '');
  if (value === '') return { isAllowed: true, rule: 1, reason: 'no Origin: not a browser' };
  if (allowedOrigins.includes(value)) {
    return { isAllowed: true, rule: 2, reason: `origin ${value} is in the allowed list` };
  }
  const host = goHostname(value, era);
  if (!host.ok)
    return {
      isAllowed: false,
      rule: 4,
      reason: `origin ${JSON.stringify(value)} is not a URL: ${host.problem}`,
    };
  if ((LOCAL_HOSTNAMES as readonly string[]).includes(host.hostname)) {
    return { isAllowed: true, rule: 3, reason: `origin host ${host.hostname} is local` };
  }
  return {
    isAllowed: false,
    rule: 4,
    reason: `origin ${JSON.stringify(value)} is neither in the allowed list nor on a local host`,
  };
}
