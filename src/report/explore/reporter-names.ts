// The names of the reports on an exploration: apart from the reports, so that a command line is read without loading them.

export const EXPLORE_REPORTERS = ['terminal', 'json', 'junit', 'markdown', 'html'] as const;
export type ExploreReporter = (typeof EXPLORE_REPORTERS)[number];
