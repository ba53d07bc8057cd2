// The heat map in a real browser: nothing is loaded, both filters work, a cell explains itself, and a phone does not
// scroll sideways.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../../conformance/finding.ts';
import { CHECKS } from '../../../conformance/registry.ts';
import { BROWSER_MISSING, launchBrowser, openPageFile } from '../../peers/browser.ts';
import { DEFECTS } from '../../registry.ts';
import type { MatrixRow } from '../row.ts';
import { renderHeatMap } from './render-heat-map.ts';

const ROWS: readonly MatrixRow[] = DEFECTS.map((defect) => ({
  subject: { ...defect, kind: 'defect', group: defect.bugClass, command: '' },
  verdicts: new Map(CHECKS.map(({ id }): [string, Verdict] => [id, defect.namedBy[id] ?? 'pass'])),
}));

describe.skipIf(BROWSER_MISSING !== undefined)(
  `the heat map in a browser${BROWSER_MISSING ? ` (skipped: ${BROWSER_MISSING})` : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'norn-matrix-'));
    const file = join(folder, 'kill-matrix.html');
    let browser: Browser;

    beforeAll(async () => {
      writeFileSync(file, renderHeatMap(ROWS, CHECKS));
      browser = await launchBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true });
    });

    it('filters hubs by name, class, description and the checks that must catch them', async () => {
      const { page, problems } = await openPageFile(browser, file, { widthPixels: 1_200, colors: 'light' });
      const shown = () => page.locator('tr[data-hub]:visible').count();
      expect(await shown()).toBe(DEFECTS.length);
      await page.keyboard.press('/');
      await page.keyboard.type('slow-client.depth');
      expect(await shown()).toBe(DEFECTS.filter(({ namedBy }) => 'slow-client.depth' in namedBy).length);
      await page.fill('#words', 'html entities');
      expect(await page.locator('tr[data-hub]:visible').getAttribute('data-hub')).toBe('html-escaped');
      expect(problems).toEqual([]);
    });

    it('shows only the columns of one chapter', async () => {
      const { page } = await openPageFile(browser, file, { widthPixels: 1_200, colors: 'dark' });
      await page.selectOption('#chapter', 'origin');
      const heads = await page.locator('thead th[data-check]:visible').count();
      expect(heads).toBe(CHECKS.filter(({ chapter }) => chapter === 'origin').length);
      const cells = page.locator('tr[data-hub="any-origin"] td:visible');
      expect(await cells.count()).toBe(heads + 1);
    });

    it('explains the cell that is pointed at, on a phone as well', async () => {
      const { page, problems } = await openPageFile(browser, file, { widthPixels: 390, colors: 'light' });
      await page.locator('tr[data-hub="null-origin"] td.n').click();
      expect(await page.locator('#about').textContent()).toBe(
        'null-origin, origin.null-refused: fail (must catch this hub)',
      );
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      expect(problems).toEqual([]);
    });
  },
);
