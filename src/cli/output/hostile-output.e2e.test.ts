// A hub that talks to the terminal and to the CI system of its reader is quoted, never obeyed.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHub, type Hub } from '../../hub/hub.ts';
import { programFile } from '../../target/spawn/program-file.ts';

const HOSTILE =
  '\u001b[2Jgone\r\n::error file=a.ts::owned\n##[error]owned\n</pre><script>owned()</script> | `x` ```\n';
const folder = mkdtempSync(join(tmpdir(), 'norn-hostile-'));
let hub: Hub;
let url: string;
let route: Server;
let routeUrl: string;

beforeAll(async () => {
  hub = createHub({});
  ({ url } = await hub.listen(0, '127.0.0.1'));
  route = createServer((_, response) => {
    response.writeHead(403, { 'content-type': 'text/plain' });
    response.end(HOSTILE);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => route.once('listening', resolve));
  routeUrl = `http://127.0.0.1:${(route.address() as AddressInfo).port}/broadcast`;
});
afterAll(async () => {
  route.closeAllConnections();
  route.close();
  await hub.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(program: 'conformance' | 'loadtest', ...args: readonly string[]) {
  const file = programFile(new URL(`../${program}.ts`, import.meta.url));
  const env = { ...process.env, GITHUB_STEP_SUMMARY: join(folder, 'step.md') };
  return new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [file, ...args, '--output', folder],
      { env, timeout: 60_000 },
      (_, stdout, stderr) => resolve(`${stdout}\n${stderr}`),
    );
  });
}

function expectHarmless(log: string): void {
  expect(log).toContain('owned');
  expect(log).not.toMatch(/(?![\t\n])\p{Cc}/u);
  for (const line of log.split('\n')) expect(line).not.toMatch(/^\s*::error file=a|##\[/);
  const markdown = readFileSync(join(folder, 'step.md'), 'utf8');
  expect(markdown.replaceAll(/^(`{3,})text\n.*?^\1$/gms, '')).not.toContain('<script>');
}

const GITHUB = ['--reporter', 'github'];

describe('what a hub says', { timeout: 120_000 }, () => {
  it('is quoted by a conformance run', async () => {
    const args = [url, '--broadcast-url', routeUrl, '--only', 'delivery.*'];
    expectHarmless(await run('conformance', ...args, '--reporter', 'table', ...GITHUB));
  });

  it('is quoted by a load test', async () => {
    const args = [url, '--broadcast-url', routeUrl, '--clients', '2', '--rate', '20', '--duration', '1s'];
    expectHarmless(await run('loadtest', ...args, '--reporter', 'terminal', ...GITHUB));
  });

  it('is quoted when it does not start', async () => {
    const text = join(folder, 'hostile.txt');
    writeFileSync(text, HOSTILE);
    for (const program of ['conformance', 'loadtest'] as const)
      expectHarmless(await run(program, '--spawn', `cat ${text}`));
  });
});
