// conformance.html and the grid of several hubs in a real browser: nothing leaves the file, the filter works by keyboard,
// screen readers get through, and nothing is wider than a phone.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '../conformance/result.ts';
import { BROWSER_MISSING, launchBrowser, openPageFile } from '../testing/browser.ts';
import { buildCheckResult, buildConformanceResult } from '../testing/conformance-result-builder.ts';
import { renderConformanceGrid } from './conformance-grid.ts';
import { renderConformanceHtml } from './conformance-html.ts';

const BUDGET_MILLIS = 60_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const failing: CheckResult = buildCheckResult({
  id: 'slow-client.evicted',
  chapter: 'slow-client',
  title: 'a client that does not read is disconnected when its buffer is full',
  verdict: 'fail',
  expected: 'a client with more than 64 messages waiting is disconnected',
  got: `it was kept, <b>and</b> got all ${'x'.repeat(200)}`,
  evidence: ['72 events'],
  wire: Array.from({ length: 100 }, (_, n) => ({
    atMillis: n,
    direction: n % 2 === 0 ? ('in' as const) : ('out' as const),
    client: 'A',
    what: `event #${n} deploy.progress of 262144 B`,
  })),
});
const passing = buildCheckResult({ id: 'handshake.accept-key', chapter: 'handshake' });
const warned = buildCheckResult({
  id: 'robustness.bad-utf8',
  chapter: 'robustness',
  verdict: 'warn',
  level: 'should',
  expected: 'Close 1007',
  got: 'the text was ignored',
});
const measurements = { kickMillis: { value: 1_004 } };
const bad = buildConformanceResult([passing, failing, warned], { measurements });
const good = buildConformanceResult([passing, { ...failing, verdict: 'pass' }, warned], { measurements });

describe.skipIf(BROWSER_MISSING !== undefined)(
  `pages of conformance in a browser${BROWSER_MISSING ? ` (skipped: ${BROWSER_MISSING})` : ''}`,
  () => {
    let browser: Browser;
    const folder = mkdtempSync(join(tmpdir(), 'norn-page-'));
    const write = (name: string, html: string) => {
      writeFileSync(join(folder, name), html);
      return join(folder, name);
    };
    const pages = {
      'one hub': write('one.html', renderConformanceHtml(bad)),
      'a grid': write(
        'grid.html',
        renderConformanceGrid([
          { name: 'go-gorilla', result: good },
          { name: 'go-<diagram>', result: bad },
          { name: 'python-websockets', result: buildConformanceResult([passing]) },
        ]),
      ),
    };

    beforeAll(async () => {
      browser = await launchBrowser();
    }, BUDGET_MILLIS);
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true });
    });

    describe.each(Object.entries(pages))('of %s', (_, path) => {
      it.each([
        ['light', 1_200],
        ['dark', 1_200],
        ['light', 360],
      ] as const)(
        'has no error, no serious finding of axe and no sideways scroll, %s at %i px',
        { timeout: BUDGET_MILLIS },
        async (colours, widthPixels) => {
          const { page, problems } = await openPageFile(browser, path, { widthPixels, colours });
          await page.evaluate(axe);
          const found = await page.evaluate(
            `axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
          );
          expect(found).toEqual([]);
          expect(problems).toEqual([]);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
            widthPixels,
          );
          await page.context().close();
        },
      );

      it('is filtered by verdict and by words, with keys alone', { timeout: BUDGET_MILLIS }, async () => {
        const { page } = await openPageFile(browser, path, { widthPixels: 1_200, colours: 'light' });
        const shown = () =>
          page.evaluate(
            `[...document.querySelectorAll('.check:not([hidden])')].filter((one) => one.offsetParent).length`,
          );
        expect(await shown()).toBe(3);
        await page.keyboard.press('Tab');
        await page.keyboard.press('Space');
        expect(await shown()).toBe(2);
        await page.keyboard.press('Space');
        await page.locator('#words').focus();
        await page.keyboard.type('accept-key');
        expect(await shown()).toBe(1);
        await page.context().close();
      });
    });

    it('says in the grid what was seen, as text', { timeout: BUDGET_MILLIS }, async () => {
      const { page } = await openPageFile(browser, pages['a grid'], { widthPixels: 1_200, colours: 'light' });
      const row = page.locator('tr.check', { hasText: 'slow-client.evicted' });
      expect(await row.locator('td').allTextContents()).toEqual(['pass', 'FAIL', '-']);
      await row.locator('summary').click();
      expect(await row.locator('pre').textContent()).toContain('go-<diagram> FAIL');
      expect(await page.locator('b').count()).toBe(0);
      await page.context().close();
    });
  },
);
