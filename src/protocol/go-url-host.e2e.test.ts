// The port against the original: the same generated values through Go's own net/url, where Go is installed. The
// installed Go may be of any era; three values on which the eras differ show which.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GoUrlEra } from './go-url-authority.ts';
import { goHostname } from './go-url-host.ts';

const PROGRAM = `package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var text string
		json.Unmarshal(lines.Bytes(), &text)
		parsed, err := url.Parse(text)
		if err != nil {
			fmt.Println("null")
			continue
		}
		host, _ := json.Marshal(parsed.Hostname())
		fmt.Println(string(host))
	}
}
`;

const hasGo = spawnSync('go', ['version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'go-url-host-'));
const program = join(folder, 'gohost');
afterAll(() => rmSync(folder, { recursive: true }));

/** The host that Go finds in each text, null where it finds an error. */
function askGo(texts: readonly string[]): (string | null)[] {
  const input = texts.map((text) => `${JSON.stringify(text)}\n`).join('');
  const { stdout } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function portedHost(text: string, era: GoUrlEra): string | null {
  const host = goHostname(text, era);
  return host.ok ? host.hostname : null;
}

const ERAS = ['A', 'B', 'C', 'D'] as const;
const TELLING = ['http://[localhost]', 'http://evil.com[::1]', 'http://::1:3000'];

const words = 'http https file x localhost 127.0.0.1 ::1 evil.com 3000 null a 0 é ⓛ'.split(' ');
const marks = [
  ...':/@[]%#? \t\u007f"<|^{*~-.\'`;&=+$!(),\\',
  '://',
  '//',
  '%25',
  '%6c',
  '%zz',
  '%c3%a9',
  '%c3',
];
const pieces = fc.array(fc.constantFrom(...words, ...marks), { maxLength: 9 }).map((all) => all.join(''));
const texts = fc.tuple(fc.constantFrom('', '', 'http://', '//', 'x://'), pieces).map((both) => both.join(''));

describe.skipIf(!hasGo)('goHostname against the installed Go (skipped where there is none)', () => {
  beforeAll(() => {
    writeFileSync(join(folder, 'main.go'), PROGRAM);
    const options = { cwd: folder, env: { ...process.env, GO111MODULE: 'off' }, encoding: 'utf8' } as const;
    const built = spawnSync('go', ['build', '-o', program, 'main.go'], options);
    if (built.status !== 0) throw new Error(`go build failed: ${built.stderr}`);
  }, 120_000);

  it('finds the same host, or an error where Go finds one, in generated values', () => {
    const answers = askGo(TELLING);
    const era = ERAS.find((one) => TELLING.every((text, at) => portedHost(text, one) === answers[at]));
    expect(era, `no era answers ${JSON.stringify(answers)}`).toBeDefined();
    fc.assert(
      fc.property(fc.array(texts, { minLength: 2_000, maxLength: 2_000 }), (batch) => {
        const answers = askGo(batch);
        const differing = batch.flatMap((text, at) => {
          const ours = portedHost(text, era ?? 'A');
          return ours === answers[at] ? [] : [{ text, go: answers[at], ours }];
        });
        expect(differing).toEqual([]);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  }, 60_000);
});
