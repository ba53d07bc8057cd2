// The least hubs that the kit can drive: at most 40 lines each, and driven as their files say.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/conformance/registry.ts';
import { runChecks } from '../../src/conformance/run/runner.ts';
import { DEFAULT_SETTINGS } from '../../src/conformance/run/settings.ts';
import { startStdioTarget } from '../../src/target/spawn/stdio.ts';

const GOPATH = '/usr/share/gocode';
const PYTHON = '/usr/bin/python3';
const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'norn-least-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasGo =
  spawnSync('go', ['version']).status === 0 && existsSync(`${GOPATH}/src/github.com/gorilla/websocket`);
const hasPython = spawnSync(PYTHON, ['-c', 'import websockets']).status === 0;

function buildGo(): string {
  const program = join(folder, 'hub');
  const env = { ...process.env, GO111MODULE: 'off', GOPATH };
  execFileSync('go', ['build', '-o', program, file('hub.go')], { env });
  return program;
}

const HUBS: readonly (readonly [name: string, command: () => string, whyNot: string])[] = [
  ['hub.mjs', () => `'${process.execPath}' '${file('hub.mjs')}'`, ''],
  ['hub.py', () => `${PYTHON} '${file('hub.py')}'`, hasPython ? '' : ' (skipped: needs python3-websockets)'],
  ['hub.go', buildGo, hasGo ? '' : ' (skipped: needs golang-go and gorilla)'],
];
const DRIVEN = [
  'delivery.every-client-once-in-order',
  'delivery.no-history',
  'envelope.fields',
  'envelope.unicode',
];

describe.each(HUBS)('examples/in-40-lines/%s', (name, command, whyNot) => {
  it('has 40 lines at most', () => {
    expect(readFileSync(file(name), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  it.skipIf(whyNot !== '')(`broadcasts what comes in on stdin${whyNot}`, { timeout: 60_000 }, async () => {
    const start = await startStdioTarget({ command: command() });
    if (!start.ok) throw new Error(start.problem);
    try {
      const checks = CHECKS.filter(({ id }) => DRIVEN.includes(id));
      const { results } = await runChecks({ checks, target: start.target, settings: DEFAULT_SETTINGS });
      expect(results.map(({ id, verdict, got }) => [id, verdict, got])).toEqual(
        checks.map(({ id }) => [id, 'pass', undefined]),
      );
    } finally {
      await start.target.close();
    }
  });
});
