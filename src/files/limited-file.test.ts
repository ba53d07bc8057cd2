// A file is read up to its limit, whatever its size says.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../scenario/load-scenario.ts';
import { MAX_YAML_BYTES, readLimitedFile } from './limited-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'limited-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('readLimitedFile', () => {
  it('reads a file of exactly the limit', () => {
    expect(readLimitedFile(file('exact', 'ä'.repeat(512)), 1024)).toMatchObject({ value: 'ä'.repeat(512) });
  });

  it.each([
    ['one byte more', () => file('more', 'x'.repeat(1025))],
    ['a file without an end', () => '/dev/zero'],
  ])('refuses %s', (_, path) => {
    expect(readLimitedFile(path(), 1024)).toMatchObject({
      problem: expect.stringContaining('the file is larger than'),
    });
  });

  it.each([
    ['a folder', () => folder, 'is a folder'],
    ['nothing', () => join(folder, 'nothing'), 'no such file'],
  ])('says that a path names %s', (_, path, problem) => {
    expect(readLimitedFile(path(), 1024)).toMatchObject({ problem: expect.stringContaining(problem) });
  });
});

describe('a scenario above the limit', () => {
  it('is refused before it is parsed', () => {
    const path = file('huge.yaml', `name: huge\n${'# comment\n'.repeat(MAX_YAML_BYTES / 10)}`);
    expect(loadScenario(path)).toMatchObject({
      problem: `${path}: the file is larger than 1 MiB, the limit for a file of this kind`,
    });
  });
});
