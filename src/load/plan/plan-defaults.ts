// Defaults of a load plan, apart from the plan: `--help` shows them without loading it.

export const PLAN_DEFAULTS = {
  cohorts: [
    'fast=2000',
    'stall=60:stall(after=20)',
    'trickle=15:trickle(512B/s)',
    'flap=10:flap(read=1s,pause=1s)',
    'lag=10:lag(50ms)',
    'vanish=10:vanish(after=50)',
    'never-pong=5',
    'half-open=5',
  ],
  scenario: 'release-day',
  speed: 6,
  durationMillis: 30_000,
  warmupMillis: 5_000,
  rampPerSecond: 1_000,
} as const;
