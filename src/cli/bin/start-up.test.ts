// What --version and --help load: no package, and nothing of what does the work. Held by modules, not by time.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };

const SRC = fileURLToPath(new URL('../..', import.meta.url));
const BIN = 'cli/bin';
const programs = readdirSync(resolve(SRC, BIN)).filter((name) => name.startsWith('norn-'));

/** What a file loads before its first line runs. `import()` and types load nothing. */
function staticImportsOf(text: string): string[] {
  const statements = text.matchAll(/^(?:import|export)\s+(?!type\s)(?:[^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm);
  return [...statements].map(([, specifier = '']) => specifier);
}

/** The files and everything that they import statically: paths from src/, names of packages. */
function loadedBy(files: readonly string[], seen = new Set<string>()): string[] {
  for (const file of files) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const specifier of staticImportsOf(readFileSync(resolve(SRC, file), 'utf8'))) {
      if (!specifier.startsWith('.')) seen.add(specifier);
      else loadedBy([relative(SRC, resolve(SRC, dirname(file), specifier))], seen);
    }
  }
  return [...seen];
}

describe('staticImportsOf', () => {
  it('counts values that are imported or exported from elsewhere, and no types', () => {
    const text = [
      "import './effect.ts';",
      "import ws from 'ws';",
      "import {\n  one,\n  type Two,\n} from './values.ts';",
      "import type { Three } from './types.ts';",
      "export type { Four } from './more-types.ts';",
      "export { five } from './exported.ts';",
      "export * from './all.ts';",
      "export const six = 'six';",
      "const seven = await import('./later.ts');",
    ].join('\n');
    expect(staticImportsOf(text)).toEqual(['./effect.ts', 'ws', './values.ts', './exported.ts', './all.ts']);
  });
});

describe('--version', () => {
  it.each(programs)('of %s loads the version and nothing else', (program) => {
    expect(loadedBy([`${BIN}/${program}`])).toEqual([
      `${BIN}/${program}`,
      `${BIN}/print-version.ts`,
      'kit/kit-version.ts',
      'node:fs',
    ]);
  });

  it('is what npm installs as each program', () => {
    const installed = Object.entries(manifest.bin).map(([name, path]) => [`${name}.ts`, path]);
    expect(installed).toEqual(
      installed.map(([file = '']) => [file, `dist/${BIN}/${file.replace('.ts', '.js')}`]),
    );
    expect(installed.map(([file]) => file).sort()).toEqual(programs.sort());
  });
});

/** What the help is rendered from, besides files of the programs: small files without packages. */
const LIGHT =
  /^(cli|kit|units|report\/format)\/|^protocol\/limits\.ts$|^report\/\w+\/reporter-names\.ts$|^node:fs$/;

describe('--help', () => {
  it.each(['hub', 'conformance'])(
    'of norn-%s loads options only: no package, and nothing that does the work',
    (name) => {
      expect(loadedBy([`cli/${name}.ts`]).filter((loaded) => !LIGHT.test(loaded))).toEqual([]);
    },
  );
});
