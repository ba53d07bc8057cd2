// conformance.html and the grid of several hubs in a real browser: nothing leaves the file, the filter works by keyboard,
// screen readers get through, nothing is wider than a phone or lies over something else, and a huge result opens.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../conformance/result.ts';
import {
  buildCheckResult,
  buildConformanceResult,
} from '../../../testing/builders/conformance-result-builder.ts';
import {
  BROWSER_MISSING,
  type Looks,
  launchBrowser,
  openPageFile,
  seriousFindings,
} from '../../../testing/peers/browser.ts';
import { renderConformanceGrid } from './grid.ts';
import { renderConformanceHtml } from './page.ts';

const DESK: Looks = { widthPixels: 1_200, colors: 'light' };
const BUDGET_MILLIS = 60_000;

/** Pairs of texts whose rectangles lie over one another; of the picture, texts that leave it too. */
const OVERLAPS = `(() => {
  const boxes = [...document.querySelectorAll('h1, h2, h3, th, td, dt, dd, label, select, input[type=search], button, output, blockquote, .verdict, .name, .quiet, svg text, svg.sequence')]
    .filter((one) => one.checkVisibility() && one.textContent.trim() + one.tagName !== 'OUTPUT')
    .map((one) => ({ one, box: one.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && box.height > 0);
  const name = ({ one }) => one.tagName + ' ' + one.textContent.trim().slice(0, 30);
  return boxes.flatMap((first, at) => boxes.slice(at + 1)
    .filter(({ one, box }) => !first.one.contains(one) && !one.contains(first.one)
      && Math.min(first.box.right, box.right) - Math.max(first.box.left, box.left) > 2
      && Math.min(first.box.bottom, box.bottom) - Math.max(first.box.top, box.top) > 2)
    .map((second) => name(first) + ' | ' + name(second)));
})()`;

const event = (n: number) => `{"type":"deploy.progress","number":${n},"padding":"${'p'.repeat(300)}"}`;
const wireOf = (entries: number): CheckResult['wire'] =>
  Array.from({ length: entries }, (_, n) => ({
    atMillis: n * 1.5,
    direction: n % 5 === 0 ? ('out' as const) : ('in' as const),
    client: n % 2 === 0 ? 'A' : 'B',
    what: `event #${n} deploy.progress of 340 B`,
    ...(n % 5 === 0 ? {} : { fact: { kind: 'event' as const, sequence: n } }),
    frame: { opcode: 1, isFinal: true, isMasked: n % 5 === 0, payloadBytes: 340, text: event(n) },
  }));
const failing: CheckResult = buildCheckResult({
  id: 'slow-client.evicted',
  chapter: 'slow-client',
  title: 'a client that does not read is disconnected when its buffer is full',
  verdict: 'fail',
  expected: 'a client with more than 64 messages waiting is disconnected',
  got: `it was kept, <b>and</b> got all ${'x'.repeat(200)}`,
  evidence: ['72 events', `a line of ${'y'.repeat(300)}`],
  wire: [
    { atMillis: 0, direction: 'kit', client: 'B', what: 'stops reading', fact: { kind: 'stall' } },
    ...wireOf(59),
  ],
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
    const shownIds = (page: Page) =>
      page.evaluate(
        `[...document.querySelectorAll('.check')].filter((one) => one.checkVisibility()).map(({ id }) => id)`,
      );

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
        'has no error, nothing serious of axe, no sideways scroll and no overlap, everything open, %s at %i px',
        { timeout: BUDGET_MILLIS },
        async (colors, widthPixels) => {
          const { page, problems } = await openPageFile(browser, path, { widthPixels, colors });
          await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
          expect(await seriousFindings(page)).toEqual([]);
          expect(problems).toEqual([]);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
            widthPixels,
          );
          expect(await page.evaluate(OVERLAPS)).toEqual([]);
          await page.context().close();
        },
      );

      it('is filtered by verdict, chapter and words, with keys alone', {
        timeout: BUDGET_MILLIS,
      }, async () => {
        const { page } = await openPageFile(browser, path, DESK);
        const count = page.locator('#shown');
        expect(await count.textContent()).toBe('3 of 3 shown');
        await page.locator('[name=verdict]').first().focus();
        await page.keyboard.press('Space');
        expect(await shownIds(page)).not.toContain('slow-client.evicted');
        await page.keyboard.press('Space');
        await page.locator('#chapter').focus();
        await page.keyboard.type('robust');
        expect(await shownIds(page)).toEqual(['robustness.bad-utf8']);
        await page.keyboard.press('Home');
        await page.keyboard.press('/');
        await page.keyboard.type('accept nothing');
        expect(await shownIds(page)).toEqual([]);
        expect(await page.locator('.no-match').isVisible()).toBe(true);
        await page.keyboard.press('Escape');
        await page.keyboard.type('ACCEPT key');
        expect(await shownIds(page)).toEqual(['handshake.accept-key']);
        expect(await count.textContent()).toBe('1 of 3 shown');
        await page.context().close();
      });

      it('has on paper no filter, and what is wrong open', { timeout: BUDGET_MILLIS }, async () => {
        const { page } = await openPageFile(browser, path, { widthPixels: 794, colors: 'dark' });
        await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
        await page.emulateMedia({ media: 'print' });
        expect(await page.locator('#filter').isVisible()).toBe(false);
        expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
          'rgb(255, 255, 255)',
        );
        expect(
          await page.evaluate(
            `document.querySelectorAll('details.check:not([open]):not([data-verdict=pass])').length`,
          ),
        ).toBe(0);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(794);
        await page.context().close();
      });
    });

    it('searches the payloads of the wire log, and shows them whole by key', {
      timeout: BUDGET_MILLIS,
    }, async () => {
      const { page } = await openPageFile(browser, pages['one hub'], DESK);
      await page.keyboard.press('/');
      await page.keyboard.type('"number":7,');
      expect(await shownIds(page)).toEqual(['slow-client.evicted']);
      const check = page.locator('details.check:visible');
      await check.locator('.wire > summary').focus();
      await page.keyboard.press('Enter');
      const row = check.locator('.wire tr', { hasText: 'event #7 ' });
      expect(await row.locator('.bits').textContent()).toBe('FIN text 340 B');
      await row.locator('summary').focus();
      await page.keyboard.press('Enter');
      expect(await row.locator('pre').isVisible()).toBe(true);
      expect(await row.locator('pre').textContent()).toContain(event(7));
      await page.context().close();
    });

    it('opens the check that the address names', { timeout: BUDGET_MILLIS }, async () => {
      const { page } = await openPageFile(browser, pages['one hub'], DESK);
      const check = page.locator('[id="handshake.accept-key"]');
      expect(await check.getAttribute('open')).toBeNull();
      await page.evaluate(`location.hash = '#handshake.accept-key'`);
      await page.waitForFunction(`document.getElementById('handshake.accept-key').open`);
      await page.context().close();
    });

    it('says in the grid what was seen, as text, and where hubs differ', {
      timeout: BUDGET_MILLIS,
    }, async () => {
      const { page } = await openPageFile(browser, pages['a grid'], DESK);
      const row = page.locator('tr.check', { hasText: 'slow-client.evicted' });
      expect(await row.locator('td').allTextContents()).toEqual(['pass', 'FAIL', '-']);
      await row.locator('summary').click();
      expect(await row.locator('pre').textContent()).toContain('go-<diagram> FAIL');
      expect(await page.locator('b').count()).toBe(0);
      await page.locator('#differ').focus();
      await page.keyboard.press('Space');
      expect(await shownIds(page)).toEqual(['slow-client.evicted', 'robustness.bad-utf8']);
      await page.context().close();
    });

    it('opens 400 failed checks with full wire logs', { timeout: 2 * BUDGET_MILLIS }, async () => {
      const wire = wireOf(60);
      const checks = Array.from({ length: 400 }, (_, n) => ({ ...failing, id: `slow-client.n${n}`, wire }));
      const html = renderConformanceHtml(buildConformanceResult(checks));
      expect(Buffer.byteLength(html)).toBeLessThan(32_000_000);
      const { page, problems } = await openPageFile(browser, write('huge.html', html), DESK);
      expect(problems).toEqual([]);
      expect(await page.locator('#shown').textContent()).toBe('400 of 400 shown');
      await page.context().close();
    });
  },
);
