// Opens HTML reports in headless Chromium without a network, and records the errors of the page.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
/** A page of 30 MB on a busy machine. */
const LOAD_DEADLINE_MILLIS = 90_000;

export const BROWSER_MISSING = existsSync(CHROMIUM) ? undefined : `no ${CHROMIUM} here`;

export interface OpenedPage {
  readonly page: Page;
  /** Errors of the console and of scripts, and requests that would have left the file. */
  readonly problems: readonly string[];
}

export interface Looks {
  readonly widthPixels: number;
  readonly colors: 'light' | 'dark';
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** Opens a page from a file; any other request is an error. */
export function openPageFile(browser: Browser, path: string, looks: Looks): Promise<OpenedPage> {
  const isOwn = (url: string) => url === `file://${path}`;
  // Past the policy of the page, for what the test itself puts into it.
  return open(browser, `file://${path}`, looks, isOwn, true);
}

/** Opens a page that a program serves on loopback; a request outside its origin is an error. */
export function openServedPage(browser: Browser, url: string, looks: Looks): Promise<OpenedPage> {
  return open(browser, url, looks, (asked) => new URL(asked).origin === new URL(url).origin, false);
}

/** What axe calls serious or critical about a page as it is shown now: a line for each rule, with one element. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  return (await page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes[0].html))`)) as string[];
}

async function open(
  browser: Browser,
  url: string,
  looks: Looks,
  isOwn: (url: string) => boolean,
  bypassCSP: boolean,
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: looks.widthPixels, height: 800 },
    colorScheme: looks.colors,
    reducedMotion: 'reduce',
    bypassCSP,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.route('**/*', (route) => {
    const asked = route.request().url();
    if (isOwn(asked) || asked.startsWith('data:')) return route.continue();
    problems.push(`request to ${asked}`);
    return route.abort();
  });
  await page.goto(url, { waitUntil: 'load', timeout: LOAD_DEADLINE_MILLIS });
  return { page, problems };
}
