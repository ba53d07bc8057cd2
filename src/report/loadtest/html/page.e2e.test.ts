// loadtest.html in a real browser: nothing leaves the file, charts are drawn, keys and screen readers get through, and
// a long run with many evictions stays a small page.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildShownResult } from '../../../testing/builders/shown-result-builder.ts';
import {
  BROWSER_MISSING,
  type Looks,
  launchBrowser,
  openPageFile,
  seriousFindings,
} from '../../../testing/peers/browser.ts';
import { renderLoadtestHtml } from './page.ts';

const DESK: Looks = { widthPixels: 1_200, colors: 'light' };
/** 210 mm, less the margins that browsers leave. */
const A4_PIXELS = 718;
const BUDGET_MILLIS = 60_000;

/** Where each text on a canvas is, in its pixels. */
const RECORD_LABELS = `
  globalThis.labels = [];
  const fillText = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
    if (text === '') return;
    const width = this.measureText(text).width;
    const at = this.getTransform().transformPoint({ x, y });
    const left = at.x - (this.textAlign === 'center' ? width / 2 : this.textAlign === 'right' ? width : 0);
    labels.push({ canvas: this.canvas, text, left, right: left + width, y: at.y });
    return fillText.call(this, text, x, y, ...rest);
  };`;
const FIND_CLASHES = `labels.flatMap((one, at) => [
  ...(one.left < 0 || one.right > one.canvas.width ? [one.text + ' leaves the picture'] : []),
  ...labels.slice(0, at)
    .filter((other) => other.canvas === one.canvas && other.text !== one.text && Math.abs(other.y - one.y) < 8 && other.left < one.right + 3 && one.left < other.right + 3)
    .map((other) => one.text + ' touches ' + other.text),
])`;

describe.skipIf(BROWSER_MISSING !== undefined)(
  `loadtest.html in a browser${BROWSER_MISSING ? ` (skipped: ${BROWSER_MISSING})` : ''}`,
  () => {
    let browser: Browser;
    const folder = mkdtempSync(join(tmpdir(), 'norn-page-'));
    const write = (name: string, html: string) => {
      const path = join(folder, name);
      writeFileSync(path, html);
      return path;
    };
    const faulty = buildShownResult({ seconds: 30, evictions: 20, faults: 2 });
    const one = write('one.html', renderLoadtestHtml([faulty]));

    beforeAll(async () => {
      browser = await launchBrowser();
    }, BUDGET_MILLIS);
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true });
    });

    it('draws every chart, asks nothing of a network, and reports no error', {
      timeout: BUDGET_MILLIS,
    }, async () => {
      const { page, problems } = await openPageFile(browser, one, DESK);
      const colors = (await page.evaluate(`[...document.querySelectorAll('.plot canvas')].map((canvas) => {
        const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
        return new Set(pixels).size;
      })`)) as number[];
      expect(problems).toEqual([]);
      expect(colors).toHaveLength(7);
      expect(Math.min(...colors)).toBeGreaterThan(10);
      await page.context().close();
    });

    it.each([
      ['light', 1_200],
      ['dark', 1_200],
      ['light', 360],
    ] as const)(
      'has no serious finding of axe and no sideways scroll, %s at %i px',
      { timeout: BUDGET_MILLIS },
      async (colors, widthPixels) => {
        const { page } = await openPageFile(browser, one, { widthPixels, colors });
        expect(await seriousFindings(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(widthPixels);
        await page.context().close();
      },
    );

    it.each([360, 1_200])(
      'keeps labels in the picture and apart at %i px',
      { timeout: BUDGET_MILLIS },
      async (widthPixels) => {
        const { page } = await openPageFile(browser, one, { widthPixels, colors: 'light' });
        await page.evaluate(RECORD_LABELS);
        await page.emulateMedia({ colorScheme: 'dark' }); // draws again
        await page.waitForFunction('labels.length > 60');
        expect(await page.evaluate(FIND_CLASHES)).toEqual([]);
        await page.context().close();
      },
    );

    it('hides a series by key, moves the cursor with arrows, and zooms charts over time together', {
      timeout: BUDGET_MILLIS,
    }, async () => {
      const { page } = await openPageFile(browser, one, DESK);
      const button = page.locator('#chart-spectrum .legend button').first();
      await button.focus();
      await page.keyboard.press('Enter');
      expect(await button.getAttribute('aria-pressed')).toBe('false');
      const plot = page.locator('#chart-latency .plot');
      await plot.focus();
      for (let at = 0; at < 6; at++) await page.keyboard.press('ArrowRight');
      expect(await page.locator('#chart-latency .at').textContent()).toMatch(
        /^at 5 s, app\.restarted(, \d evicted)?$/,
      );
      expect(await page.locator('#chart-latency .legend output').first().textContent()).toMatch(/ms|µs/);
      expect(await page.locator('#chart-throughput .legend output').first().textContent()).toMatch(/\/s/);
      const throughput = page.locator('#chart-throughput canvas');
      const before = await throughput.screenshot();
      await page.keyboard.press('+');
      expect((await throughput.screenshot()).equals(before)).toBe(false);
      await page.context().close();
    });

    const TEN_MINUTES = { seconds: 600, evictions: 20_000 };
    it.each([
      ['20,000 evictions', [buildShownResult(TEN_MINUTES)]],
      ['20,000 evictions in 40 cohorts', [buildShownResult({ ...TEN_MINUTES, stalledCohorts: 40 })]],
      [
        'eight runs of 9 cohorts',
        Array.from({ length: 8 }, () => buildShownResult({ ...TEN_MINUTES, stalledCohorts: 8 })),
      ],
    ])(
      'opens ten minutes in less than 2 s, as a page below 600 KB: %s',
      { timeout: BUDGET_MILLIS },
      async (_, results) => {
        const html = renderLoadtestHtml(results);
        expect(Buffer.byteLength(html)).toBeLessThan(600_000);
        const { page, problems } = await openPageFile(browser, write('long.html', html), DESK);
        expect(problems).toEqual([]);
        expect(await page.evaluate("document.querySelectorAll('*').length")).toBeLessThan(5_000);
        expect(await page.evaluate("document.querySelectorAll('.plot canvas').length")).toBe(6);
        expect(await cpuMillis(page)).toBeLessThan(2_000);
        await page.context().close();
      },
    );

    it('compares two runs in one page', { timeout: BUDGET_MILLIS }, async () => {
      const html = renderLoadtestHtml([buildShownResult(), buildShownResult()]);
      const { page, problems } = await openPageFile(browser, write('two.html', html), DESK);
      expect(problems).toEqual([]);
      expect(await seriousFindings(page)).toEqual([]);
      await page.locator('#chart-spectrum .plot').press('ArrowRight');
      const fast = await page.locator('#chart-spectrum .legend button').first().innerText();
      expect(fast).toMatch(/^fast\s*A \S+ µs\s*B \S+ µs$/);
      await page.context().close();
    });

    it('is printed whole: nothing wider than the sheet, and what is folded open', {
      timeout: BUDGET_MILLIS,
    }, async () => {
      const { page } = await openPageFile(browser, one, { widthPixels: A4_PIXELS, colors: 'light' });
      await page.emulateMedia({ media: 'print' });
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(A4_PIXELS);
      expect(await page.locator('details:not([open])').count()).toBe(0);
      await page.context().close();
    });
  },
);

/** Time the page kept its processor busy from the first byte on: what others do on this machine does not count. */
async function cpuMillis(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.reduce((sum, { name, value }) => (name === 'ProcessTime' ? sum + value * 1e3 : sum), 0);
}
