// Opens pages of the kit in headless Chromium, cut off from any network, and keeps what went wrong in them.
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

export const BROWSER_MISSING = existsSync(CHROMIUM) ? undefined : `no ${CHROMIUM} here`;

export interface OpenedPage {
  readonly page: Page;
  /** Errors of the console and of scripts, and requests that would have left the file. */
  readonly problems: readonly string[];
}

export interface Looks {
  readonly widthPixels: number;
  readonly colours: 'light' | 'dark';
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export async function openPageFile(browser: Browser, path: string, looks: Looks): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: looks.widthPixels, height: 800 },
    colorScheme: looks.colours,
    reducedMotion: 'reduce',
    bypassCSP: true, // for what the test itself puts into the page
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.route('**/*', (route) => {
    const url = route.request().url();
    if (url === `file://${path}` || url.startsWith('data:')) return route.continue();
    problems.push(`request to ${url}`);
    return route.abort();
  });
  await page.goto(`file://${path}`, { waitUntil: 'load' });
  return { page, problems };
}
