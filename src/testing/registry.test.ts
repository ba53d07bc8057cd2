// The list of known-bad hubs: complete, with distinct ids, each with a symptom and with a check that names it.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../conformance/registry.ts';
import { TESTED_ELSEWHERE } from './matrix/shortfalls.ts';
import { DEFECTS, startDefectiveHub } from './registry.ts';
import { ALL_SYMPTOMS } from './symptoms/all-symptoms.ts';

const ids = DEFECTS.map((defect) => defect.id);

// Classes that do not show from outside, are no fault of the hub, or are legal: same-origin surprises (B45), queues
// without a limit in bytes (B48), no limit on connections (B49), and clients that do not fetch missed events (B51).
const NOT_FROM_OUTSIDE = ['B45', 'B48', 'B49', 'B51'];

function catalogueFiles(): readonly URL[] {
  const folder = new URL('./defects/', import.meta.url);
  return readdirSync(folder, { recursive: true })
    .filter((name) => String(name).endsWith('.ts'))
    .map((name) => new URL(String(name), folder));
}

describe('the known-bad hubs', () => {
  it('have distinct ids, each listed exactly once', () => {
    const written = catalogueFiles().flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^ {4}id: '(.+)',$/gm)].map(([, id]) => id),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(written.sort());
  });

  it('have a symptom each', () => {
    expect(Object.keys(ALL_SYMPTOMS).sort()).toEqual([...ids].sort());
  });

  it('cover every class of bug that shows from outside, the critical ones at least twice', () => {
    const classes = Array.from({ length: 52 }, (_, index) => `B${String(index + 1).padStart(2, '0')}`);
    const countOf = (bugClass: string) => DEFECTS.filter((defect) => defect.bugClass === bugClass).length;
    expect(classes.filter((bugClass) => countOf(bugClass) === 0)).toEqual(NOT_FROM_OUTSIDE);
    expect(classes.slice(0, 12).filter((bugClass) => countOf(bugClass) < 2)).toEqual([]);
  });

  it('are named by existing checks that can fail or warn', () => {
    const wrong = DEFECTS.flatMap(({ id, namedBy }) =>
      Object.keys(namedBy)
        .filter((checkId) => CHECKS.every((check) => check.id !== checkId || check.level === 'info'))
        .map((checkId) => `${id}: ${checkId}`),
    );
    expect(wrong).toEqual([]);
  });

  it('are named by at least one check each, and each check that can fail a hub names at least one', () => {
    expect(DEFECTS.filter(({ namedBy }) => Object.keys(namedBy).length === 0).map(({ id }) => id)).toEqual(
      [],
    );
    const named = new Set([...DEFECTS.flatMap(({ namedBy }) => Object.keys(namedBy)), ...TESTED_ELSEWHERE]);
    const blaming = CHECKS.filter(({ level }) => level !== 'info').map(({ id }) => id);
    expect(blaming.filter((id) => !named.has(id))).toEqual([]);
  });

  it('do not start under an unknown id', () => {
    expect(() => startDefectiveHub('no-such-bug')).toThrow('no-such-bug');
  });
});
