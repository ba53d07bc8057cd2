// norn-loadtest on a real pseudo-terminal, watched in a real browser, ended with Ctrl-C: the page becomes the report of
// what was measured, and the terminal is left clean.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { BROWSER_MISSING, launchBrowser, openServedPage } from '../../testing/peers/browser.ts';
import { createTerminalEmulator } from '../../testing/simulated/terminal-emulator.ts';

const BUDGET_MILLIS = 90_000;
const COLUMNS = 80;
/** Runs a command on a pseudo-terminal. */
const SCRIPT = '/usr/bin/script';
const PROGRAM = fileURLToPath(new URL('../../../dist/cli/loadtest.js', import.meta.url));
const MISSING = existsSync(SCRIPT) ? BROWSER_MISSING : `no ${SCRIPT} here`;
const CTRL_C = '\u0003';

const folder = mkdtempSync(join(tmpdir(), 'norn-live-'));
afterAll(() => rmSync(folder, { recursive: true }));

function startOnTerminal(options: string) {
  const { CI, NO_COLOR, ...environment } = process.env;
  const command = `stty cols ${COLUMNS} rows 24; exec '${process.execPath}' '${PROGRAM}' ${options}`;
  const child = spawn(SCRIPT, ['-qefc', command, '/dev/null'], {
    env: { ...environment, TERM: 'xterm-256color', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  const waiting: (() => void)[] = [];
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    output += chunk;
    for (const look of waiting.splice(0)) look();
  });
  return {
    child,
    output: () => output,
    ended: new Promise<number | null>((resolve) => child.once('exit', resolve)),
    async said(pattern: RegExp): Promise<string> {
      for (;;) {
        const match = pattern.exec(output);
        if (match) return match[1] ?? '';
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
  };
}

describe.skipIf(MISSING !== undefined)(
  `a load test that is watched${MISSING ? ` (skipped: ${MISSING})` : ''}`,
  () => {
    it('is seen on the terminal and in the browser, and leaves both with what was measured', {
      timeout: BUDGET_MILLIS,
    }, async () => {
      const run = startOnTerminal(`--ui --clients 20 --duration 60s --warmup 300ms --output '${folder}'`);
      const browser = await launchBrowser();
      try {
        const url = await run.said(/live view at (http:\/\/127\.0\.0\.1:\d+\/)/);
        const { page, problems } = await openServedPage(browser, url, {
          widthPixels: 1_200,
          colors: 'light',
        });
        await page.locator('#status').filter({ hasText: 'steady' }).waitFor({ timeout: BUDGET_MILLIS });
        // `lateness p99` is a figure too, so the name is matched from its beginning.
        const p99 = page.locator('#figures > div').filter({
          has: page.locator('dt', { hasText: /^p99/ }),
        });
        await p99.locator('dd', { hasText: /\d (µs|ms|s)$/ }).waitFor({ timeout: BUDGET_MILLIS });
        run.child.stdin.write(CTRL_C);
        await page.locator('html[data-ready=true]').waitFor({ timeout: BUDGET_MILLIS });
        expect(await page.locator('h1').textContent()).toBe('Load test');
        expect(await page.locator('.outcome').textContent()).toContain('interrupted');
        expect(problems).toEqual([]);
        expect(await run.ended).toBe(130);
      } finally {
        await browser.close();
        run.child.kill('SIGKILL');
      }
      const frames = run.output().split('\u001b[?2026h').slice(1);
      expect(frames.length).toBeGreaterThan(2);
      const drawn = frames.flatMap((frame) => (frame.split('\u001b[?2026l')[0] ?? '').split('\n'));
      expect(drawn.filter((line) => [...stripVTControlCharacters(line).trimEnd()].length > COLUMNS)).toEqual(
        [],
      );
      const terminal = createTerminalEmulator(COLUMNS);
      terminal.write(run.output());
      const left = terminal.lines().join('\n');
      expect(left).toContain('stopping, with a report so far');
      expect(left).toMatch(/^reports: /m);
      expect(left).not.toMatch(/^(connect|warm-up|steady|drain) +[█░▒]/m);
      expect(terminal.cursor().column).toBe(0);
    });
  },
);
