// A subject of a bench that is not JavaScript: compiled at the start into a temporary folder, and spoken to in lines of
// JSON over its pipes, one order and one answer at a time.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { systemClock } from '../../time/clock.ts';
import { withDeadline } from '../../time/deadline.ts';
import type { BenchChild } from '../child.ts';

const ANSWER_DEADLINE_MILLIS = 120_000;
const BUILD_DEADLINE_MILLIS = 120_000;

export interface BuiltProgram {
  readonly path: string;
  remove(): void;
}

/** The file among the sources; they are not copied to where the compiled benches are. */
export function sourceOf(subject: string): string {
  return fileURLToPath(new URL(`../../../src/bench/subjects/${subject}`, import.meta.url));
}

/** `argumentsFor` gets the path of the program to write; rejects with what the compiler says. */
export async function buildProgram(
  compiler: string,
  argumentsFor: (path: string) => readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<BuiltProgram> {
  const directory = mkdtempSync(join(tmpdir(), 'norn-bench-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const path = join(directory, 'subject');
  try {
    await promisify(execFile)(compiler, argumentsFor(path), {
      env: { ...process.env, ...environment },
      timeout: BUILD_DEADLINE_MILLIS,
    });
  } catch (error) {
    remove();
    throw error;
  }
  return { path, remove };
}

/** `name` is for messages. */
export function startProgram({ path }: BuiltProgram, name: string, argv: readonly string[] = []): BenchChild {
  const child = spawn(path, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  async function answer<T>(): Promise<T> {
    const answered = withDeadline(systemClock, lines.next(), ANSWER_DEADLINE_MILLIS, `answer of ${name}`);
    const line = await answered;
    if (line.done) throw new Error(`${name} ended`);
    return JSON.parse(line.value) as T;
  }
  return {
    pid: child.pid ?? 0,
    answer,
    ask(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      return answer();
    },
    close: () => child.stdin.end(),
  };
}
