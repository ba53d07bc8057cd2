// Builds a Go program against the packages of the distribution, for external hubs.
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';

const run = promisify(execFile);
const BUILD_DEADLINE_MILLIS = 120_000;

const folders = new Set<string>();
process.once('exit', removeBuilds);

/** Removes the folders of all built programs. Tests call it, because their process may be killed. */
export function removeBuilds(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}

/** Builds one program; resolves with its path in a temporary folder that goes with this process, or why it cannot. */
export async function buildGo(...sources: readonly string[]): Promise<Parsed<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'norn-go-'));
  folders.add(folder);
  const program = join(folder, 'hub');
  try {
    const env = { ...process.env, GO111MODULE: 'off', GOPATH: process.env.GOPATH ?? '/usr/share/gocode' };
    await run('go', ['build', '-o', program, ...sources], { env, timeout: BUILD_DEADLINE_MILLIS });
    return parsed(program);
  } catch (error) {
    return unparsed(
      `the Go hub cannot be built here (Debian: golang-go and golang-github-gorilla-websocket-dev): ${lastLine(error)}`,
    );
  }
}

/** The last line of an error is the most specific one. */
export function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(-1) ?? text;
}
