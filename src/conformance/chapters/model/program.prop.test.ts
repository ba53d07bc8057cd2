// Whatever chance makes of a program, it is a fixture that can be run.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFixture } from '../../../fixture/format/fixture.ts';
import { parseFixtureFile, renderFixtureFile } from '../../../fixture/format/fixture-file.ts';
import { programs, toFixture } from './program.ts';

const bounds = fc.record({
  eventBytes: fc.constantFrom(1_024, 65_536, 262_144),
  clientBufferMessages: fc.constantFrom(1, 8, 64, 1_024),
});
const program = bounds.chain((limits) => fc.tuple(fc.constant(limits), programs(limits)));

describe('a random program', () => {
  it('is a fixture that can be run, as it is and as a file', () => {
    fc.assert(
      fc.property(program, ([limits, steps]) => {
        const file = toFixture(steps, limits, 'random-program');
        const made = createFixture(file, '.');
        expect(made.ok ? undefined : made.problem).toBeUndefined();
        const read = parseFixtureFile(renderFixtureFile(file, 'Found\nby chance.'), 'x.yaml');
        expect(read.ok && read.value.data).toEqual(file);
      }),
    );
  });

  it('never has more outstanding events in a backlog than the buffer holds', () => {
    fc.assert(
      fc.property(program, ([limits, steps]) => {
        for (const step of steps) {
          if (step.kind === 'backlog')
            expect(step.count).toBeLessThanOrEqual(Math.max(1, limits.clientBufferMessages - 8));
        }
      }),
    );
  });
});
