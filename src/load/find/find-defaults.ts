// Defaults and limits of a capacity search, apart from the search: `--help` shows them without loading it.

export const MOST_EVENTS_PER_SECOND = 100_000;
export const DEFAULT_FROM = { rate: 50, clients: 100 } as const;
export const DEFAULT_STEP_MILLIS = 4_000;
export const DEFAULT_STEP_WARMUP_MILLIS = 500;
export const DEFAULT_BUDGET_MILLIS = 9 * 60_000;
