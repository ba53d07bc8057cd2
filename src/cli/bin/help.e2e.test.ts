// The help of every program and command, as installed: Node's own account of the files that were loaded for it.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadedBy } from '../../testing/static-imports.ts';
import { COMMANDS } from '../loadtest/commands.ts';

const DIST = fileURLToPath(new URL('../../../dist', import.meta.url));
const run = promisify(execFile);

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

/** The files that Node ran to print a help, as paths from src/. */
async function filesRunFor(program: string, command: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'norn-help-'));
  try {
    const file = join(DIST, `cli/bin/norn-${program}.js`);
    const env = { ...process.env, NODE_V8_COVERAGE: folder };
    const { stdout } = await run(process.execPath, [file, ...command, '--help'], { env });
    expect(stdout).toMatch(/^norn-.*\n.*--version +Show the version\n/s);
    return readdirSync(folder)
      .flatMap((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as Coverage).result)
      .filter(({ url }) => url.startsWith('file:'))
      .map(({ url }) => relative(DIST, fileURLToPath(url)).replace(/\.js$/, '.ts'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('--help', () => {
  it.each([
    ['hub'],
    ['conformance'],
    ['conformance', 'report'],
    ['conformance', 'explore'],
    ['loadtest'],
    ...COMMANDS.map(({ name }) => ['loadtest', name]),
  ])('of norn-%s %s runs only what the program imports statically', async (program = '', ...command) => {
    const loaded = await filesRunFor(program, command);
    const known = new Set([...loadedBy(`cli/bin/norn-${program}.ts`), ...loadedBy(`cli/${program}.ts`)]);
    expect(loaded).toContain('cli/help/help.ts');
    expect(loaded.filter((file) => !known.has(file))).toEqual([]);
  });
});
