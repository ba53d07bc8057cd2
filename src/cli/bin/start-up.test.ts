// What --version and --help load: no package, and nothing that does the work; and what every start does without. Held by
// modules, not by time.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { loadedBy } from '../../testing/static-imports.ts';

const programs = readdirSync(fileURLToPath(new URL('.', import.meta.url))).filter((name) =>
  name.startsWith('norn-'),
);

describe('--version', () => {
  it.each(programs)('of %s loads the version and nothing else', (program) => {
    expect([...loadedBy(`cli/bin/${program}`)]).toEqual([
      `cli/bin/${program}`,
      'cli/bin/print-version.ts',
      'kit/kit-version.ts',
      'node:fs',
    ]);
  });

  it('is what npm installs as each program', () => {
    const installed = Object.entries(manifest.bin).map(([name, path]) => [`${name}.ts`, path]);
    expect(installed).toEqual(
      installed.map(([file = '']) => [file, `dist/cli/bin/${file.replace('.ts', '.js')}`]),
    );
    expect(installed.map(([file]) => file).sort()).toEqual(programs.sort());
  });
});

/** What options are made of, besides files of the programs themselves: parsers of values, defaults, and names. */
const LIGHT: readonly RegExp[] = [
  /^(cli|kit|units|report\/format)\//,
  /^protocol\/limits\.ts$/,
  /^report\/\w+\/reporter-names\.ts$/,
  /^load\/\w+\/\w+-defaults\.ts$/,
  /^agents\/messages\/messages\.ts$/,
  /^client\/behaviour-language\.ts$/,
  /^scenario\/trace\/redact\.ts$/,
  /^node:fs$/,
];

describe('--help', () => {
  // The end-to-end test beside this one shows that nothing else is loaded on the way to the help.
  it.each(['hub', 'conformance', 'loadtest'])('of norn-%s loads options, and no package', (name) => {
    const heavy = [...loadedBy(`cli/${name}.ts`)].filter((one) => !LIGHT.some((light) => light.test(one)));
    expect(heavy).toEqual([]);
  });
});

describe('what starts a process', () => {
  it.each(['hub/hub.ts', 'load/worker/worker-process.ts', 'cli/loadtest/run.ts', 'cli/conformance/judge.ts'])(
    '%s loads no compiler of schemas and no reader of YAML',
    (file) => {
      const packages = [...loadedBy(file)].map((name) => name.split('/')[0]);
      expect(packages).not.toContain('ajv');
      expect(packages).not.toContain('yaml');
    },
  );
});
