// replay.html in a real browser: nothing leaves the file, the filter works, screen readers get through, and nothing is
// wider than a phone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplayResult } from '../../../fixture/judge/replay-result.ts';
import {
  BROWSER_MISSING,
  launchBrowser,
  openPageFile,
  seriousFindings,
} from '../../../testing/peers/browser.ts';
import { renderReplayHtml } from './page.ts';

const BUDGET_MILLIS = 60_000;

const good: ReplayResult = {
  fixture: 'queue-too-long',
  file: 'fixtures/queue-too-long.yaml',
  bug: 'the queue of a client grows <b>without</b> end',
  verdict: 'not-reproduced',
  obstacles: [],
  outcomes: [{ of: 'frozen', claim: 'is evicted', verdict: 'passed', got: '', isDecisive: true }],
  target: { adapter: 'http', url: 'ws://127.0.0.1:8800/ws' },
  startedAt: '2026-01-02T03:04:05.678Z',
  durationMs: 4_000,
  publishedEvents: 77,
  publishedBytes: 19e6,
  slowestAcceptMillis: 18,
  sessions: [
    {
      client: 'frozen',
      group: 'frozen',
      connectedAtMillis: 10,
      stalls: [{ fromMillis: 100, toMillis: null, messages: 3 }],
      endedAtMillis: 3_000,
      events: 60,
      bytes: 18e6,
      closeCode: 1013,
      end: 'fin',
      fate: 'evicted',
      anatomy: null,
    },
  ],
  log: [{ atMillis: 100, who: 'frozen', what: 'stops reading' }],
};
const bad: ReplayResult = {
  ...good,
  fixture: 'stuck-writer',
  bug: 'the socket of an evicted client is never closed',
  verdict: 'reproduced',
  outcomes: [
    { of: 'frozen', claim: 'connects', verdict: 'passed', got: '', isDecisive: true },
    {
      of: 'frozen',
      claim: 'loses its connection',
      verdict: 'failed',
      got: 'x'.repeat(200),
      isDecisive: true,
    },
  ],
};

describe.skipIf(BROWSER_MISSING !== undefined)(
  `replay.html in a browser${BROWSER_MISSING ? ` (skipped: ${BROWSER_MISSING})` : ''}`,
  () => {
    let browser: Browser;
    const folder = mkdtempSync(join(tmpdir(), 'norn-page-'));
    const path = join(folder, 'replay.html');
    const kit = { name: 'norn-loadtest', version: '0.0.0' };
    writeFileSync(path, renderReplayHtml({ schemaVersion: 2, kit, replays: [good, bad] }));

    beforeAll(async () => {
      browser = await launchBrowser();
    }, BUDGET_MILLIS);
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true });
    });

    it.each([
      ['light', 1_200],
      ['dark', 390],
    ] as const)(
      'has no error, nothing serious of axe and no sideways scroll, everything open, %s at %i px',
      { timeout: BUDGET_MILLIS },
      async (colors, widthPixels) => {
        const { page, problems } = await openPageFile(browser, path, { widthPixels, colors });
        await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
        expect(await seriousFindings(page)).toEqual([]);
        expect(problems).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(widthPixels);
        await page.context().close();
      },
    );

    it('shows what was reproduced first, with target and date, and filters by verdict and words', {
      timeout: BUDGET_MILLIS,
    }, async () => {
      const { page } = await openPageFile(browser, path, { widthPixels: 1_200, colors: 'light' });
      const items = page.locator('details.item');
      expect(await items.first().getAttribute('data-verdict')).toBe('fail');
      expect(await items.first().locator('td.verdict').allTextContents()).toEqual(['failed', 'passed']);
      expect(await page.locator('header').textContent()).toContain('ws://127.0.0.1:8800/ws (http adapter)');
      expect(await page.locator('header').textContent()).toContain('2026-01-02T03:04:05.678Z');
      expect(await page.locator('b').count()).toBe(0);
      await page.locator('[name=verdict][value=fail]').uncheck();
      expect(await page.locator('details.item:visible').count()).toBe(1);
      await page.locator('[name=verdict][value=fail]').check();
      await page.locator('#words').fill('never closed');
      expect(await page.locator('#shown').textContent()).toBe('1 of 2 shown');
      await page.context().close();
    });
  },
);
