// npm run samples: a sample of each report in reports/samples, from real runs against the reference hub, with pictures
// of the pages where Chromium is here.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BROWSER_MISSING, launchBrowser, openPageFile } from './browser.ts';

const FOLDER = fileURLToPath(new URL('../../reports/samples', import.meta.url));

function runProgram(name: string, flags: readonly string[]): void {
  const program = fileURLToPath(new URL(`../cli/${name}.js`, import.meta.url));
  const { status } = spawnSync(process.execPath, [program, ...flags, '--output', FOLDER], {
    stdio: 'inherit',
  });
  // 1 is a finding and 4 a busy machine: reports are written all the same.
  if (status !== 0 && status !== 1 && status !== 4) throw new Error(`${name} ended with ${status}`);
}

async function takePictures(): Promise<void> {
  if (BROWSER_MISSING !== undefined) {
    console.error(`no pictures: ${BROWSER_MISSING}`);
    return;
  }
  const browser = await launchBrowser();
  try {
    for (const name of ['loadtest', 'conformance'])
      for (const [looks, widthPixels, colours] of [
        ['desktop', 1_100, 'light'],
        ['dark', 1_100, 'dark'],
        ['phone', 360, 'light'],
      ] as const) {
        const { page } = await openPageFile(browser, `${FOLDER}/${name}.html`, { widthPixels, colours });
        // Tall enough for the first charts.
        if (name === 'loadtest') await page.setViewportSize({ width: widthPixels, height: 1_300 });
        await page.screenshot({ path: `${FOLDER}/${name}-${looks}.png` });
        await page.context().close();
      }
  } finally {
    await browser.close();
  }
}

const cohorts = ['fast=200', 'stalled=20:stall(after=20)', 'crawl=5:trickle(1KiB/s)'];
runProgram('loadtest', [
  ...cohorts.flatMap((cohort) => ['--cohort', cohort]),
  ...['--duration', '20s', '--warmup', '1s', '--quiet'],
]);
runProgram('conformance', []);
await takePictures();
