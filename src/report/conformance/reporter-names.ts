// The names of the reports on a conformance run, apart from what renders them: `--help` lists them without loading it.

export const CONFORMANCE_REPORTERS = [
  'terminal',
  'json',
  'junit',
  'markdown',
  'html',
  'github',
  'badge',
] as const;
export type ConformanceReporter = (typeof CONFORMANCE_REPORTERS)[number];

/** Earlier names that are still understood. */
export const CONFORMANCE_REPORTER_ALIASES: Readonly<Record<string, ConformanceReporter>> = {
  table: 'terminal',
};
