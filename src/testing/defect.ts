// What a known-bad hub is: one bug, its class, and the hooks it replaces in an otherwise correct hub.
import type { HookableHub } from './hub/hookable-hub.ts';
import type { HubChange } from './hub/hub-hooks.ts';
import type { ConnectionGate } from './hub/start-hub.ts';

/**
 * The checks that must catch a bug, by id, and what they must say: `fail`, or `warn` where the protocol is silent and
 * the check is a should. Other checks may notice too; these are the ones that are about this bug.
 */
export type Expectation = Readonly<Record<string, 'fail' | 'warn'>>;

export interface Defect {
  /** Kebab-case name of the bug; never reused. */
  readonly id: string;
  /**
   * The class in the catalogue of real bugs, such as B01; `RFC` for a rule of
   * RFC 6455 that the catalogue does not list, `none` for a server that is no hub at all.
   */
  readonly bugClass: string;
  /** One sentence: what a user of this hub would see. */
  readonly summary: string;
  /**
   * critical: one client or one page harms everybody; high: silent loss, corruption or a remote attack on resources;
   * medium: wrong on the wire or wrong for some; advisory: legal, but hardening is missing.
   */
  readonly severity: 'critical' | 'high' | 'medium' | 'advisory';
  readonly namedBy: Expectation;
  /** The ping interval that the hub declares (`--ping-interval`), where the bug is about pings. */
  readonly pingIntervalMillis?: number;
  /** Replaces hooks of the correct hub. */
  readonly change: HubChange<HookableHub>;
  /** Creates the gate before HTTP, one for each hub. */
  readonly createGate?: () => ConnectionGate;
}
