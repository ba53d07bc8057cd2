// The Go subject of the fan-out bench: built where Go and gorilla are installed, and spoken to in lines of JSON.
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { systemClock } from '../time/clock.ts';
import { withDeadline } from '../time/deadline.ts';
import type { BenchChild } from './child.ts';

const GOPATH = '/usr/share/gocode';
const SOURCE = fileURLToPath(new URL('../../src/bench/subjects/gorilla-hub/hub.go', import.meta.url));
const ANSWER_DEADLINE_MILLIS = 120_000;
const BUILD_DEADLINE_MILLIS = 120_000;

/** Why there is no Go hub here, or undefined when there can be one. */
export function whyNoGorilla(): string | undefined {
  if (spawnSync('go', ['version']).status !== 0) return 'Go is not installed';
  return existsSync(`${GOPATH}/src/github.com/gorilla/websocket`)
    ? undefined
    : 'gorilla is not installed (golang-github-gorilla-websocket-dev)';
}

export interface GorillaBinary {
  readonly path: string;
  remove(): void;
}

export async function buildGorillaHub(): Promise<GorillaBinary> {
  const directory = mkdtempSync(join(tmpdir(), 'norn-bench-'));
  const path = join(directory, 'hub');
  await promisify(execFile)('go', ['build', '-o', path, SOURCE], {
    env: { ...process.env, GO111MODULE: 'off', GOPATH },
    timeout: BUILD_DEADLINE_MILLIS,
  });
  return { path, remove: () => rmSync(directory, { recursive: true }) };
}

export function startGorillaHub({ path }: GorillaBinary): BenchChild {
  const child: ChildProcess = spawn(path, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the Go hub has no pipes');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  async function answer<T>(): Promise<T> {
    const line = await withDeadline(
      systemClock,
      lines.next(),
      ANSWER_DEADLINE_MILLIS,
      'answer of the Go hub',
    );
    if (line.done) throw new Error('the Go hub ended');
    return JSON.parse(line.value) as T;
  }
  return {
    pid: child.pid ?? 0,
    answer,
    ask(order) {
      stdin.write(`${JSON.stringify(order)}\n`);
      return answer();
    },
    close: () => stdin.end(),
  };
}
