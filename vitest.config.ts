import { defineConfig } from 'vitest/config';

// Tests stand beside the source. End-to-end files start real processes and sockets, so they get longer
// deadlines; on two cores two workers keep timings sane.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'examples/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
