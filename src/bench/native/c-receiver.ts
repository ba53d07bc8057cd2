// The C subject of the receive bench: built where there is a C compiler.
import { spawnSync } from 'node:child_process';
import type { BenchChild } from '../child.ts';
import { type BuiltProgram, buildProgram, sourceOf, startProgram } from './built-program.ts';

/** Reads with epoll, or through an io_uring. */
export type CReceiver = 'c-epoll' | 'c-ring';

/** Why there is no C receiver here, or undefined when there can be one. */
export function whyNoCompiler(): string | undefined {
  if (process.platform !== 'linux') return 'epoll is of Linux';
  return spawnSync('cc', ['--version']).status === 0 ? undefined : 'no C compiler (cc) is installed';
}

export function buildCReceiver(): Promise<BuiltProgram> {
  return buildProgram('cc', (path) => ['-O2', '-o', path, sourceOf('c-receiver/receiver.c')]);
}

export function startCReceiver(program: BuiltProgram, kind: CReceiver): BenchChild {
  return startProgram(program, `the receiver in C (${kind})`, [kind]);
}
