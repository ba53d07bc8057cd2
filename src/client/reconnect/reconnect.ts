// How a client comes back after its connection ended, as data: after a delay that grows and is drawn at random, or at once,
// as careless pages do. What people write for it is in reconnect-language.ts.

export type ReconnectPolicy =
  | {
      readonly kind: 'backoff';
      /** The longest delay before the first attempt; it grows by `factor` with each attempt, up to `maxMillis`. */
      readonly minMillis: number;
      readonly maxMillis: number;
      readonly factor: number;
      /** `full`: each delay is drawn between 0 and the longest; `none`: each is the longest. */
      readonly jitter: 'full' | 'none';
    }
  | { readonly kind: 'immediately' };

/** Between the attempts of a client that comes back immediately: the time in which a browser learns that nothing listens. */
const IMMEDIATE_RETRY_MILLIS = 100;

/** `attempt` counts from 0; `fraction` is drawn from 0 to 1. */
export function returnDelayMillis(policy: ReconnectPolicy, attempt: number, fraction: number): number {
  if (policy.kind === 'immediately') return attempt === 0 ? 0 : IMMEDIATE_RETRY_MILLIS;
  const { minMillis, maxMillis, factor, jitter } = policy;
  const longest = Math.min(maxMillis, minMillis * factor ** attempt);
  return jitter === 'full' ? longest * fraction : longest;
}

/** No client waits longer for its next attempt. */
export function longestDelayMillis(policy: ReconnectPolicy): number {
  return policy.kind === 'immediately' ? IMMEDIATE_RETRY_MILLIS : policy.maxMillis;
}
