// What holds for every check, so that no report or document has to cope with exceptions.
import { describe, expect, it } from 'vitest';
import { CHAPTERS, LEVELS } from './check.ts';
import { CHECKS } from './registry.ts';
import { planAlone } from './run/order/check-order.ts';

describe('the registry', () => {
  it('has no id twice', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it('lists the chapters in their order', () => {
    const order = CHECKS.map(({ chapter }) => CHAPTERS.indexOf(chapter));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('names as blockers checks that run, and end, before the blocked one', () => {
    const alone = planAlone(CHECKS).flatMap((group) => group.alone.map(({ id }) => id));
    for (const check of CHECKS) {
      for (const id of check.blockedBy ?? []) {
        const blocker = CHECKS.find((each) => each.id === id);
        expect(blocker, `${check.id} names ${id}`).toBeDefined();
        if (check.isolation === 'shared') expect(blocker).toMatchObject({ isolation: 'shared' });
        else if (blocker?.isolation === 'alone')
          expect(alone.indexOf(id)).toBeLessThan(alone.indexOf(check.id));
        expect(blocker?.isolation, 'which ends with its chapter only').not.toBe('beside');
      }
    }
  });

  it('names as covering checks those on a second hub', () => {
    for (const { id, coveredBy } of CHECKS) {
      if (coveredBy === undefined) continue;
      const covering = CHECKS.find((each) => each.id === coveredBy);
      expect(covering, `${id} names ${coveredBy}`).toMatchObject({ isolation: 'second-hub' });
    }
  });

  it.each(CHECKS.map((check) => [check.id, check] as const))('%s says what it is', (id, check) => {
    expect(id.startsWith(`${check.chapter}.`)).toBe(true);
    expect(id).toMatch(/^[a-z-]+\.[a-z0-9-]+$/);
    expect(LEVELS).toContain(check.level);
    expect(check.clause.source).toMatch(/^(protocol: [A-Z]|RFC \d+ \d)/);
    expect(check.clause.quote.length).toBeGreaterThan(10);
    expect(check.explain.length).toBeGreaterThan(80);
    expect(check.title).not.toMatch(/[.!]$/);
    expect(check.deadlineMillis).toBeLessThanOrEqual(300_000);
  });
});
