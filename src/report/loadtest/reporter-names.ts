// The names of the reports on a load test, apart from what renders them: `--help` lists them without loading it.

export const LOADTEST_REPORTERS = [
  'terminal',
  'json',
  'junit',
  'markdown',
  'html',
  'github',
  'badge',
] as const;
export type LoadtestReporter = (typeof LOADTEST_REPORTERS)[number];
