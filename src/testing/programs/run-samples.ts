// npm run samples [-- NAME]: writes a sample of each report to reports/samples, from real runs against the reference hub and
// the examples, with screenshots of the pages where Chromium is installed.
import { spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildGo } from '../external/build-go.ts';
import { BROWSER_MISSING, launchBrowser, openPageFile } from '../peers/browser.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../../reports/samples', import.meta.url));

function runProgram(name: string, args: readonly string[], folder = FOLDER, cwd = ROOT): void {
  const program = fileURLToPath(new URL(`../../cli/${name}.js`, import.meta.url));
  // In the project's folder or beside the files, so that no path of this machine gets into a sample.
  const { status } = spawnSync(process.execPath, [program, ...args, '--output', folder], {
    stdio: 'inherit',
    cwd,
  });
  // Exit codes 1 (failed) and 4 (inconclusive) come with reports, too.
  if (status !== 0 && status !== 1 && status !== 4) throw new Error(`${name} ended with ${status}`);
}

/** The reference hub against the example in Node.js, one after the other under the same load. */
async function runComparison(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'norn-samples-'));
  try {
    for (const [name, hub] of [
      ['reference', []],
      ['node-ws', ['--spawn', 'node examples/node-ws/hub.mjs']],
    ] as const) {
      runProgram('loadtest', [...hub, ...load], folder);
      await copyFile(join(folder, 'loadtest.json'), join(folder, `${name}.json`));
    }
    runProgram('loadtest', ['compare', 'reference.json', 'node-ws.json', '--html'], FOLDER, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a restart of the hub costs 1,000 clients that come back. */
async function runRestart(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'norn-samples-'));
  const fault = [
    '--fault',
    'restart at=10s',
    '--reconnect',
    'backoff(min=250ms,max=8s,factor=2,jitter=full)',
  ];
  const clients = ['--clients', '1000', '--rate', '20', '--duration', '25s', '--warmup', '1s', '--quiet'];
  try {
    runProgram('loadtest', [...clients, ...fault], folder);
    for (const ending of ['html', 'json', 'md'])
      await copyFile(join(folder, `loadtest.${ending}`), join(FOLDER, `restart.${ending}`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The reference hub beside an example, and beside the hub with a known bug where Go is installed. */
async function runGrid(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'norn-samples-'));
  const files = [`${FOLDER}/conformance.json`];
  try {
    const example = (path: string) => fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url));
    const go = await buildGo(example('go-diagram/hub.go'));
    const hubs = [
      ['node-ws', `'${process.execPath}' '${example('node-ws/hub.mjs')}'`],
      ...(go.ok ? [['go-diagram', `'${go.value}' -port 0`]] : []),
    ] as const;
    for (const [name, command] of hubs) {
      runProgram('conformance', ['--spawn', command ?? '', '--reporter', 'json'], join(folder, name ?? ''));
      files.push(join(folder, name ?? '', 'conformance.json'));
    }
    await copyFile(files[0] ?? '', join(folder, 'reference.json'));
    runProgram('conformance', ['report', join(folder, 'reference.json'), ...files.slice(1)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function takePictures(names: readonly string[]): Promise<void> {
  if (BROWSER_MISSING !== undefined) {
    console.error(`no pictures: ${BROWSER_MISSING}`);
    return;
  }
  const browser = await launchBrowser();
  try {
    for (const name of names)
      for (const [looks, widthPixels, colors] of [
        ['desktop', 1_100, 'light'],
        ['dark', 1_100, 'dark'],
        ['phone', 360, 'light'],
      ] as const) {
        const { page } = await openPageFile(browser, `${FOLDER}/${name}.html`, { widthPixels, colors });
        // Tall enough for the first charts.
        if (name === 'loadtest' || name === 'restart')
          await page.setViewportSize({ width: widthPixels, height: 1_300 });
        if (name === 'restart')
          await page.evaluate(`document.querySelector('#chart-throughput').scrollIntoView()`);
        await page.screenshot({ path: `${FOLDER}/${name}-${looks}.png` });
        await page.context().close();
      }
  } finally {
    await browser.close();
  }
}

const cohorts = ['fast=200', 'stalled=20:stall(after=20)', 'crawl=5:trickle(1KiB/s)'];
const load = [
  ...cohorts.flatMap((cohort) => ['--cohort', cohort]),
  ...['--duration', '20s', '--warmup', '1s', '--quiet'],
];
const reporters = ['terminal', 'junit', 'github', 'badge'].flatMap((name) => ['--reporter', name]);
/** In this order; a word on the command line remakes one of them alone. */
const SAMPLES = {
  loadtest: () => runProgram('loadtest', [...load, ...reporters]),
  comparison: runComparison,
  restart: runRestart,
  replay: () => runProgram('loadtest', ['replay', 'fixtures/stuck-writer.yaml']),
  conformance: () => runProgram('conformance', []),
  grid: runGrid,
} as const;
const PICTURES = {
  loadtest: 'loadtest',
  restart: 'restart',
  conformance: 'conformance',
  grid: 'conformance-grid',
};

const [only] = process.argv.slice(2);
const isWanted = ([name]: readonly [string, unknown]) => only === undefined || name === only;
for (const [, make] of Object.entries(SAMPLES).filter(isWanted)) await make();
await takePictures(
  Object.entries(PICTURES)
    .filter(isWanted)
    .map(([, name]) => name),
);
