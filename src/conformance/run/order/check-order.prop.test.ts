// Whatever checks name whatever others: each runs once, after those that it names, and not when one of them failed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHAPTERS, type Check } from '../../check.ts';
import type { Verdict } from '../../finding.ts';
import { CHECKS } from '../../registry.ts';
import type { CheckResult } from '../../result.ts';
import { findBlocker, planAlone } from './check-order.ts';
import { runSideBySide } from './side-by-side.ts';

const [template] = CHECKS as [Check];

/** Up to 12 checks; each names some of those with a smaller number, in whatever chapter and place they are. */
const suites = (isolation: Check['isolation']): fc.Arbitrary<readonly Check[]> =>
  fc
    .array(
      fc.record({ chapter: fc.constantFrom(...CHAPTERS), names: fc.array(fc.nat(11), { maxLength: 3 }) }),
      { minLength: 1, maxLength: 12 },
    )
    .map((made) =>
      made.map(({ chapter, names }, at): Check => {
        const blockedBy = [...new Set(names.filter((other) => other < at))].map((other) => `check.${other}`);
        return { ...template, id: `check.${at}`, chapter, isolation, blockedBy };
      }),
    )
    .chain((checks) => fc.shuffledSubarray(checks, { minLength: 1 }));

describe('planAlone', () => {
  it('plans each check once, after those that it names', () => {
    fc.assert(
      fc.property(suites('alone'), fc.boolean(), (checks, isSlow) => {
        const order = planAlone(checks, isSlow).flatMap(({ alone }) => alone.map(({ id }) => id));
        expect([...order].sort()).toEqual(checks.map(({ id }) => id).sort());
        for (const { id, blockedBy = [] } of checks) {
          for (const blocker of blockedBy.filter((each) => order.includes(each)))
            expect(order.indexOf(blocker)).toBeLessThan(order.indexOf(id));
        }
      }),
    );
  });

  it('plans, on a slow route, the first must of each chapter before the second of any', () => {
    const chapters = planAlone(CHECKS, true)
      .flatMap(({ alone }) => alone)
      .slice(0, 4)
      .map(({ chapter }) => chapter);
    expect(new Set(chapters).size).toBe(4);
  });

  it('plans what comes early before all, once, and the others as without it', () => {
    fc.assert(
      fc.property(
        suites('alone').chain((checks) => fc.tuple(fc.constant(checks), fc.subarray([...checks]))),
        ([checks, early]) => {
          const idsOf = (groups: ReturnType<typeof planAlone>) =>
            groups.flatMap(({ alone }) => alone.map(({ id }) => id));
          const ids = early.map(({ id }) => id);
          const rest = idsOf(planAlone(checks)).filter((id) => !ids.includes(id));
          const planned = idsOf(planAlone(checks, false, early));
          expect(planned.slice(0, ids.length)).toEqual(ids);
          expect([...planned.slice(ids.length)].sort()).toEqual(rest.sort());
        },
      ),
    );
  });

  it('plans all musts before the checks that only advise or measure', () => {
    const levels = planAlone(CHECKS).flatMap(({ alone }) => alone.map(({ level }) => level));
    expect(levels).toContain('info');
    expect(levels.lastIndexOf('must')).toBeLessThan(levels.indexOf('should'));
    expect(levels.lastIndexOf('should')).toBeLessThan(levels.indexOf('info'));
  });
});

describe('runSideBySide', () => {
  it('runs each check once, begins none before those that it names are done, and fills no more lanes than it may', async () => {
    await fc.assert(
      fc.asyncProperty(
        suites('shared'),
        fc.integer({ min: 1, max: 4 }),
        fc.scheduler(),
        async (checks, lanes, s) => {
          const [begun, done] = [[] as string[], new Set<string>()];
          let running = 0;
          const over = runSideBySide({
            checks,
            lanes,
            isOver: () => false,
            async run({ id, blockedBy = [] }) {
              begun.push(id);
              expect(++running).toBeLessThanOrEqual(lanes);
              for (const blocker of blockedBy)
                expect(done.has(blocker) || checks.every((each) => each.id !== blocker)).toBe(true);
              await s.schedule(Promise.resolve(), id);
              done.add(id);
              running--;
            },
          });
          await s.waitFor(over);
          expect([...begun].sort()).toEqual(checks.map(({ id }) => id).sort());
        },
      ),
    );
  });
});

describe('findBlocker', () => {
  it('finds a failed check exactly when a chain of skipped ones leads to it', () => {
    const verdicts = fc.array(fc.constantFrom<Verdict>('pass', 'fail', 'warn', 'error'), {
      minLength: 12,
      maxLength: 12,
    });
    fc.assert(
      fc.property(suites('alone'), verdicts, (checks, found) => {
        const results = new Map<string, Pick<CheckResult, 'verdict' | 'blockedBy'>>();
        for (const check of planAlone(checks).flatMap(({ alone }) => alone)) {
          const blocker = findBlocker(check, results);
          const verdict = found[Number(check.id.slice('check.'.length))] as Verdict;
          results.set(
            check.id,
            blocker === undefined ? { verdict } : { verdict: 'skip', blockedBy: blocker },
          );
          if (blocker !== undefined) expect(results.get(blocker)?.verdict).toBe('fail');
          const names = check.blockedBy ?? [];
          const isHit = names.some((id) => results.get(id)?.verdict === 'fail' || results.get(id)?.blockedBy);
          expect(blocker !== undefined).toBe(isHit);
        }
      }),
    );
  });
});
