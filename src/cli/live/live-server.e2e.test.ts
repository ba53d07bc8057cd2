// The live page from a real server in a real browser: numbers change, nothing leaves the machine, it becomes the report;
// and what is not the page's own, or does not read, gets nowhere and holds nothing up.
import { get, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { renderLoadtestHtml } from '../../report/loadtest/html/page.ts';
import { buildLiveView, SHOWN_PLAN } from '../../testing/builders/live-view-builder.ts';
import { buildShownResult } from '../../testing/builders/shown-result-builder.ts';
import {
  BROWSER_MISSING,
  type Looks,
  launchBrowser,
  openServedPage,
  seriousFindings,
} from '../../testing/peers/browser.ts';
import { systemClock } from '../../time/clock.ts';
import { type LiveServer, openLiveServer } from './live-server.ts';

const BUDGET_MILLIS = 60_000;
const DESK: Looks = { widthPixels: 1_200, colors: 'light' };

let server: LiveServer;

async function openServer(clock = systemClock): Promise<LiveServer> {
  const opened = await openLiveServer(0, clock);
  if (!opened.ok) throw new Error(opened.problem);
  server = opened.value;
  server.begin(SHOWN_PLAN);
  return server;
}

function showUntil(fromMillis: number, untilMillis: number): void {
  for (let at = fromMillis; at <= untilMillis; at += 50) server.show(buildLiveView(at));
}

afterEach(() => server.close());

describe.skipIf(BROWSER_MISSING !== undefined)(
  `the live page in a browser${BROWSER_MISSING ? ` (skipped: ${BROWSER_MISSING})` : ''}`,
  () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await launchBrowser();
    }, BUDGET_MILLIS);
    afterAll(() => browser?.close());

    const until = (page: Page, selector: string, text: string) =>
      page.locator(selector).filter({ hasText: text }).waitFor({ timeout: BUDGET_MILLIS });
    const tile = (page: Page, name: string) =>
      page.locator('#figures > div').filter({ hasText: name }).locator('dd').textContent();

    it('shows numbers that change, draws the points, and becomes the report', {
      timeout: BUDGET_MILLIS,
    }, async () => {
      const { url } = await openServer();
      showUntil(0, 12_000);
      const { page, problems } = await openServedPage(browser, url, DESK);
      await until(page, '#status', 'baseline');
      expect(await tile(page, 'events/s')).toBe('80');
      expect(await tile(page, 'connected')).toBe('2,000');
      showUntil(12_050, 25_000);
      await until(page, '#elapsed', '0:25');
      expect(await tile(page, 'connected')).toBe('2,051');
      expect(await tile(page, 'p99 fast')).toBe('8.3 ms');
      expect(await page.locator('.phases li').nth(3).locator('.words').textContent()).toBe('48 %, 9.5 s');
      expect(await page.locator('#cohorts tbody tr').nth(1).locator('td').allTextContents()).toEqual(
        expect.arrayContaining(['stall', '48/60', '12']),
      );
      const inView = [{ kind: 'restart', fault: 'restart', isOn: true }] as const;
      server.show({ ...buildLiveView(25_500), faults: { begun: 1, inView } });
      await until(page, '#fault', 'fault: restart');
      const colors = (await page.evaluate(`[...document.querySelectorAll('.plot canvas')].map((canvas) =>
        new Set(new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size)`)) as number[];
      expect(colors).toHaveLength(3);
      expect(Math.min(...colors)).toBeGreaterThan(10);

      await server.deliver(renderLoadtestHtml([buildShownResult()]));
      await page.locator('html[data-ready=true]').waitFor({ timeout: BUDGET_MILLIS });
      expect(await page.locator('h1').textContent()).toBe('Load test');
      expect(await page.locator('.plot canvas').count()).toBe(6);
      expect(problems).toEqual([]);
      await page.context().close();
    });

    it.each([
      ['light', 1_200],
      ['dark', 360],
    ] as const)(
      'has no serious finding of axe, no sideways scroll and no overlap, %s at %i px',
      { timeout: BUDGET_MILLIS },
      async (colors, widthPixels) => {
        const { url } = await openServer();
        showUntil(0, 25_000);
        const { page, problems } = await openServedPage(browser, url, { widthPixels, colors });
        await until(page, '#elapsed', '0:25');
        expect(await seriousFindings(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(widthPixels);
        const cutOff =
          await page.evaluate(`[...document.querySelectorAll('.phases span, .tiles dt, .tiles dd, h3, .legend li')]
          .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
          .map((element) => element.textContent)`);
        expect(cutOff).toEqual([]);
        expect(problems).toEqual([]);
        await page.context().close();
      },
    );

    it('shows that the program ended without a report', { timeout: BUDGET_MILLIS }, async () => {
      const { url } = await openServer();
      showUntil(0, 4_900);
      const { page } = await openServedPage(browser, url, DESK);
      await until(page, '#status', 'warm-up');
      await server.close();
      await until(page, '#status', 'gone away');
      await page.context().close();
    });
  },
);

describe('the server of the live page', () => {
  it('is bound to loopback, and answers nobody under another name', async () => {
    const { url } = await openServer();
    expect(new URL(url).hostname).toBe('127.0.0.1');
    const own = await ask(url, {});
    expect(own.status).toBe(200);
    expect(own.headers['content-security-policy']).toContain("default-src 'none'");
    expect((await ask(url, { host: 'attacker.example' })).status).toBe(421);
    expect((await ask(`${url}loadtest.json`, {})).status).toBe(404);
    expect((await ask(`${url}/`, {})).status).toBe(404);
  });

  it.each([
    ['of another site', { origin: 'http://attacker.example' }],
    ['of another port', { origin: 'http://127.0.0.1:1' }],
    [
      'under a name that was bound to our address',
      { origin: 'http://attacker.example', host: 'attacker.example' },
    ],
    ['without an origin', {}],
  ])('refuses a WebSocket %s', async (_, headers) => {
    const { url } = await openServer();
    const socket = new WebSocket(`${url.replace('http', 'ws')}live`, { headers });
    const [error] = await new Promise<[Error]>((resolve) => socket.once('error', (one) => resolve([one])));
    expect(error.message).toContain('403');
  });

  it('tells a page that does not read nothing more, and waits for it no longer than the deadline', {
    timeout: BUDGET_MILLIS,
  }, async () => {
    // Ten times as fast, so that the deadline is not waited for in full.
    const hasty = {
      ...systemClock,
      after: (millis: number, fire: () => void) => systemClock.after(millis / 10, fire),
    };
    const { url } = await openServer(hasty);
    const { port, host } = new URL(url);
    const hung = connect(Number(port), '127.0.0.1');
    hung.write(
      `GET /live HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    await new Promise((resolve) => hung.once('data', resolve));
    hung.pause();
    const plenty = 12_000;
    let messageBytes = 0;
    for (let nth = 0; nth < plenty; nth++) {
      const view = buildLiveView(25_000 + nth * 200);
      server.show(view);
      messageBytes ||= JSON.stringify(view).length;
      await new Promise(setImmediate);
    }
    await server.deliver('<!doctype html><title>report</title>');
    expect((await ask(url, {})).text).toBe('<!doctype html><title>report</title>');
    let readBytes = 0;
    hung.on('data', (chunk) => {
      readBytes += chunk.length;
    });
    await new Promise((resolve) => {
      hung.once('close', resolve);
      hung.resume();
      void server.close();
    });
    // What the kernels took on the way, and no more.
    expect(readBytes).toBeLessThan(0.75 * plenty * messageBytes);
  });

  it('says which port is taken', async () => {
    const { url } = await openServer();
    const second = await openLiveServer(Number(new URL(url).port), systemClock);
    expect(second.ok || second.problem).toMatch(/^port \d+ of 127\.0\.0\.1 is taken; choose another/);
  });

  it('needs nobody to look', async () => {
    await openServer();
    showUntil(0, 5_000);
    await server.deliver('<!doctype html>');
  });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function ask(url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    }).on('error', reject);
  });
}
