// Every command line that the README and docs/ show names programs, commands and flags that are there.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter((file) =>
  file.endsWith('.md'),
);
const run = promisify(execFile);

interface Shown {
  readonly file: string;
  readonly program: string;
  readonly words: readonly string[];
}

/** Lines of code, joined where they end in a backslash, without comments and without what is quoted. */
function shownCommands(file: string): Shown[] {
  const text = readFileSync(join(ROOT, file), 'utf8').replaceAll(/\\\n\s*/g, '');
  return [...text.matchAll(/^\s*(?:npx )?norn-(hub|conformance|loadtest) ([^:\n].*)$/gm)].map(
    ([, program = '', rest = '']) => ({
      file,
      program,
      words: rest
        .replaceAll(/'[^']*'/g, '')
        .replace(/ #.*/, '')
        .split(/\s+/),
    }),
  );
}

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  conformance: ['explore', 'report'],
  loadtest: ['run', 'find', 'compare', 'ab', 'replay', 'record', 'shrink', 'report', 'doctor', 'agent'],
};

describe('the commands that the documentation shows', () => {
  const shown = FILES.flatMap(shownCommands);
  const pages = new Map<string, Promise<string>>();
  const helpOf = (program: string, command: string): Promise<string> => {
    const key = `${program} ${command}`;
    const args = [join(ROOT, `dist/cli/${program}.js`), ...(command === '' ? [] : [command]), '--help'];
    const page = pages.get(key) ?? run(process.execPath, args).then(({ stdout }) => stdout);
    pages.set(key, page);
    return page;
  };

  it('are found', () => {
    expect(new Set(shown.map(({ program }) => program))).toEqual(new Set(['conformance', 'hub', 'loadtest']));
    expect(shown.length).toBeGreaterThan(20);
  });

  it('have only flags that the help names', { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    for (const { file, program, words } of shown) {
      const command = COMMANDS[program]?.includes(words[0] ?? '') ? (words[0] ?? '') : '';
      const help = await helpOf(program, command);
      for (const word of words) {
        const flag = /^--[a-z-]+/.exec(word)?.[0];
        if (flag !== undefined && !new RegExp(`${flag}(?![a-z-])`).test(help))
          wrong.push(`${file}: norn-${program} ${command} has no ${flag}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
