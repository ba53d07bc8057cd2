// What is written where, and what is refused before a run.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../options/usage-error.ts';
import { mustBeWritable, writeReports } from './report-files.ts';

describe('the folder of reports', () => {
  const folder = mkdtempSync(join(tmpdir(), 'norn-reports-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is made with those above it, and files in it are written', () => {
    const deep = join(folder, 'a', 'b', 'c');
    mustBeWritable(deep);
    expect(existsSync(deep)).toBe(true);
    const { paths, problems } = writeReports(deep, [{ name: 'x.txt', text: 'x' }]);
    expect([paths, problems]).toEqual([[join(deep, 'x.txt')], []]);
    expect(readFileSync(join(deep, 'x.txt'), 'utf8')).toBe('x');
  });

  it.each([
    ['a file stands there', () => join(folder, 'file')],
    ['a file stands above it', () => join(folder, 'file', 'below')],
    // mkdirSync with `recursive` never comes back from there.
    ['no folder can be made there', () => '/proc/no-reports-here/below'],
  ])('is refused in one line where %s', (_, pathOf) => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => mustBeWritable(pathOf())).toThrow(UsageError);
    expect(() => mustBeWritable(pathOf())).toThrow(
      /^--output: no reports can be written to \S+ \(.+\); choose/,
    );
    expect(writeReports(pathOf(), [{ name: 'x.txt', text: 'x' }]).problems).toHaveLength(1);
  });
});
