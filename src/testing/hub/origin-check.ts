// The four origin rules for the test subjects' hub: the protocol's own rule on the one Origin header there may be.
import { judgeOrigin } from '../../protocol/origin-rule.ts';

export function isOriginAllowed(values: readonly string[], allowedOrigins: readonly string[]): boolean {
  return values.length <= 1 && judgeOrigin(values[0], allowedOrigins).isAllowed;
}
