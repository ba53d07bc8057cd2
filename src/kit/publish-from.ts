// Who publishes the events of a run whose clients are on other machines.

/** The coordinator alone, or in the measured time the agents in turn. */
export const PUBLISHERS = ['coordinator', 'agents'] as const;
export type PublishFrom = (typeof PUBLISHERS)[number];
