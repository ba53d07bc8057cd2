// Findings that say what could not be seen: a run with one of them is not passed, and blames nobody.
import type { FindingName } from './result.ts';

/**
 * The hub kept its slow clients, and pressure was too little to say whether it would disconnect them; a fault was not injected;
 * a hub was back from a fault too late to see how it went on; an agent was lost with what its clients received;
 * deliveries prove that what is known of an agent's clock is wrong.
 */
export const INCONCLUSIVE_FINDINGS: readonly FindingName[] = [
  'not-evicted',
  'not-injected',
  'not-seen',
  'agent-lost',
  'clock-bound',
];
