// What a run does once an agent is lost.

/** It ends, or goes on with the others. Either way it does not pass. */
export const LOST_AGENT_POLICIES = ['end', 'continue'] as const;
export type LostAgentPolicy = (typeof LOST_AGENT_POLICIES)[number];
