// The Go subject of the benches of the hub: built where Go and gorilla are installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { BenchChild } from '../child.ts';
import { type BuiltProgram, buildProgram, sourceOf, startProgram } from './built-program.ts';

const GOPATH = '/usr/share/gocode';

/** Why there is no Go hub here, or undefined when there can be one. */
export function whyNoGorilla(): string | undefined {
  if (spawnSync('go', ['version']).status !== 0) return 'Go is not installed';
  return existsSync(`${GOPATH}/src/github.com/gorilla/websocket`)
    ? undefined
    : 'gorilla is not installed (golang-github-gorilla-websocket-dev)';
}

export function buildGorillaHub(): Promise<BuiltProgram> {
  const argumentsFor = (path: string) => ['build', '-o', path, sourceOf('gorilla-hub/hub.go')];
  return buildProgram('go', argumentsFor, { GO111MODULE: 'off', GOPATH });
}

export function startGorillaHub(program: BuiltProgram): BenchChild {
  return startProgram(program, 'the Go hub');
}
