import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const END_TO_END = '**/*.e2e.test.ts';
/** The files that take longest, which must not start last. */
const LONGEST = [
  'external/judged-examples.',
  'fixture/fixtures',
  'defect-tests/slow-client.',
  'servers/servers.',
  'explore/explored-hubs.',
  'cli/loadtest.',
  'defect-tests/delivery-lifecycle-robustness.',
  'external/behind-nginx.',
];

/** End-to-end files take longest: they start first, so that quick files fill all workers at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const place = LONGEST.findIndex((part) => moduleId.includes(part));
      if (place !== -1) return place;
      return moduleId.includes('.e2e.') ? LONGEST.length : LONGEST.length + 1;
    };
    // A stable sort: the order of the base sequencer decides within a rank.
    return (await super.sort(files)).sort((one, other) => rankOf(one) - rankOf(other));
  }
}

// Tests stand beside the source. End-to-end files start real processes and sockets, and mostly wait: two workers leave a
// third of two cores idle, and more. Deadlines are long, because a busy machine needs them and a test that passes does not.
// The other files share their workers, as loading modules anew for each takes longer than most of their tests.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 3,
    maxConcurrency: 8,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [`{src,examples}/${END_TO_END}`],
          setupFiles: ['src/testing/forget-connections.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{src,examples}/**/*.test.ts'],
          exclude: [END_TO_END, '**/node_modules/**'],
          isolate: false,
        },
      },
    ],
  },
});
