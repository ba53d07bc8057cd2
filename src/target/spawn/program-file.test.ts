// Where programs are found, from the sources and from the build.
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { programFile } from './program-file.ts';

describe('programFile', () => {
  it('names the built file of a sibling module', () => {
    const file = programFile(new URL('./program-file.ts', import.meta.url));
    expect(file).toMatch(/[/\\]dist[/\\]target[/\\]spawn[/\\]program-file\.js$/);
    expect(existsSync(file)).toBe(true);
  });

  it('leaves a built file as it is', () => {
    const built = new URL('../../../dist/cli/hub.js', import.meta.url);
    expect(programFile(built)).toMatch(/[/\\]dist[/\\]cli[/\\]hub\.js$/);
  });

  it('refuses a file of another package', () => {
    expect(() => programFile(new URL('file:///elsewhere/src/cli/hub.ts'))).toThrow('not in this package');
  });
});
