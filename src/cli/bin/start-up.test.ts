// What --version loads: nothing but the file with the version. Held by modules, not by time.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };

const BIN = dirname(fileURLToPath(import.meta.url));
const programs = readdirSync(BIN).filter((name) => name.startsWith('norn-'));

/** The file and everything it imports statically: relative paths from bin/, names of packages. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  seen.add(relative(BIN, file));
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/^import\s[^'"]*['"]([^'"]+)['"]/gm)) {
    const path = resolve(dirname(file), specifier);
    if (!specifier.startsWith('.')) seen.add(specifier);
    else if (!seen.has(relative(BIN, path))) loadedBy(path, seen);
  }
  return seen;
}

describe('--version', () => {
  it.each(programs)('of %s loads the version and nothing else', (program) => {
    const loaded = [...loadedBy(resolve(BIN, program))];
    expect(loaded).toEqual([program, 'print-version.ts', '../../kit/kit-version.ts', 'node:fs']);
  });

  it('is what npm installs as each program', () => {
    const installed = Object.entries(manifest.bin).map(([name, path]) => [`${name}.ts`, path]);
    expect(installed).toEqual(
      installed.map(([file = '']) => [file, `dist/cli/bin/${file.replace('.ts', '.js')}`]),
    );
    expect(installed.map(([file]) => file).sort()).toEqual(programs.sort());
  });
});
