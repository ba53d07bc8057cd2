// norn-loadtest replay: fixtures against a hub, and whether it has their bugs.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Fixture, loadFixture } from '../../fixture/format/fixture.ts';
import { SHIPPED_FOLDER } from '../../fixture/format/shipped-fixtures.ts';
import {
  createReplayResult,
  REPLAY_SCHEMA_VERSION,
  type ReplayReport,
  type ReplayResult,
} from '../../fixture/judge/replay-result.ts';
import { runFixture } from '../../fixture/run/run-fixture.ts';
import { kitVersion } from '../../kit/kit-version.ts';
import { replayCounts } from '../../report/replay/facts.ts';
import { renderReplayHtml } from '../../report/replay/html/page.ts';
import { renderReplayJunit } from '../../report/replay/junit.ts';
import { renderReplayLine, renderReplayTerminal } from '../../report/replay/terminal.ts';
import { startChosenTarget } from '../../target/choose-target.ts';
import type { TargetChoice } from '../../target/target-flags.ts';
import { systemClock } from '../../time/clock.ts';
import { suggest } from '../../units/suggest.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { interruptOnSignal } from '../interruption.ts';
import { parseCommandLine, UsageError } from '../options/command-line.ts';
import { integer, text } from '../options/option.ts';
import { readTargetChoice, TARGET_OPTIONS } from '../options/target-options.ts';
import { mustBeWritable, saveReports } from '../output/report-files.ts';
import type { Command } from './options/command.ts';
import { mustBeLoopback, REMOTE_OPTION } from './options/with-target.ts';

const SUMMARY = 'fixtures of slow-client bugs against a hub: does it have them?';

const SPEC = {
  program: 'norn-loadtest replay',
  usage: 'FIXTURE|FOLDER... [URL] [options]',
  describe:
    'Runs fixtures (files, folders, or names of shipped ones; "all" for all of those) against a hub, and says of each whether its bug was reproduced, expectation by expectation. Without a URL it starts the reference hub as the fixture describes it.',
  maxPositionals: 10_000,
  options: {
    runs: integer('Times each fixture is run [1]', 'N', 1, 1_000),
    output: text('Folder for replay.json, replay.html and replay.xml (JUnit) [reports]', 'DIR'),
    ...TARGET_OPTIONS,
    ...REMOTE_OPTION,
  },
  examples: [
    ['norn-loadtest replay all', 'every shipped fixture against the reference hub'],
    ['norn-loadtest replay stuck-writer ws://127.0.0.1:8800/ws', 'does your hub have this bug?'],
    [
      "norn-loadtest replay fixtures/ --spawn './my-hub --port 0'",
      'a folder as a suite, each on a fresh hub',
    ],
  ],
  exitCodes: [
    [0, 'no bug was reproduced'],
    [1, 'a bug was reproduced'],
    [2, 'bad usage or bad file'],
    [3, 'the target could not be reached, or the adapter failed'],
    [4, 'inconclusive: something could not be judged, and nothing was reproduced'],
    [130, 'interrupted; what ran so far is reported'],
  ],
} as const;

export const replayCommand: Command = { name: 'replay', summary: SUMMARY, run: replay };

async function replay(argv: readonly string[]): Promise<ExitCode> {
  const line = await parseCommandLine(SPEC, argv, process.env);
  if (line.kind === 'print') {
    console.log(line.text);
    return EXIT_CODE.passed;
  }
  const { values } = line;
  const [paths, urls] = [line.positionals.filter((one) => !isUrl(one)), line.positionals.filter(isUrl)];
  if (urls.length > 1) throw new UsageError(`${urls[1]}: one URL too many; the hub is ${urls[0]}`);
  if (paths.length === 0) throw new UsageError(`no fixture is named (usage: ${SPEC.program} ${SPEC.usage})`);
  const fixtures = paths.flatMap(findFixtureFiles).map((file) => ({ file, fixture: mustLoad(file) }));
  const choice = readTargetChoice(urls[0], values);
  mustBeLoopback(choice, values['allow-remote-target'] ?? false);
  const output = values.output ?? 'reports';
  mustBeWritable(output);
  const interruption = interruptOnSignal(SPEC.program);
  const replays: ReplayResult[] = [];
  const runs = fixtures.flatMap((one) => Array.from({ length: values.runs ?? 1 }, () => one));
  const nameWidth = Math.max(...runs.map(({ fixture }) => fixture.name.length));
  for (const { file, fixture } of runs) {
    if (interruption.aborted) break;
    const result = await replayOne(fixture, file, choice, interruption);
    if (typeof result === 'string') {
      console.error(`${SPEC.program}: ${result}`);
      report(replays, runs.length, output);
      return EXIT_CODE.target;
    }
    replays.push(result);
    if (runs.length > 1) console.log(renderReplayLine(result, nameWidth));
  }
  // In a suite what failed is told in full behind the list.
  const told = replays.filter(({ verdict }) => runs.length === 1 || verdict !== 'not-reproduced');
  for (const result of told.slice(0, MAX_TOLD)) console.log(`${renderReplayTerminal(result)}\n`);
  if (told.length > MAX_TOLD) console.log(`... and ${told.length - MAX_TOLD} more, told in the reports`);
  report(replays, runs.length, output);
  return interruption.aborted ? EXIT_CODE.interrupted : exitCodeOf(replays);
}

/** Replays told in full on the terminal. */
const MAX_TOLD = 5;

const isUrl = (word: string): boolean => /^[a-z][a-z\d+.-]*:\/\//i.test(word);

/** A file, a folder of them, the name of a shipped fixture, or `all` of those. */
export function findFixtureFiles(word: string): string[] {
  const path = word === 'all' ? SHIPPED_FOLDER : word;
  if (existsSync(path)) return statSync(path).isDirectory() ? listFolder(path) : [path];
  const shipped = listFolder(SHIPPED_FOLDER);
  const named = shipped.find((file) => basename(file, '.yaml') === word);
  if (named !== undefined) return [named];
  const meant = suggest(
    word,
    shipped.map((file) => basename(file, '.yaml')),
  );
  throw new UsageError(
    `${word}: no such fixture${meant ? `; did you mean ${meant}?` : ': no file, no folder, no shipped name'}`,
  );
}

function listFolder(folder: string): string[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name));
  if (files.length === 0) throw new UsageError(`${folder}: there is no fixture (*.yaml) in this folder`);
  return files;
}

export function mustLoad(file: string): Fixture {
  const fixture = loadFixture(file);
  if (!fixture.ok) throw new UsageError(fixture.problem);
  return fixture.value;
}

/** Each fixture gets a hub of its own where the kit starts it. A text says why there is no hub. */
async function replayOne(
  fixture: Fixture,
  file: string,
  choice: TargetChoice,
  interruption: AbortSignal,
): Promise<ReplayResult | string> {
  const { clientBufferMessages, allowedOrigins, evictionGraceMillis } = fixture;
  const start = await startChosenTarget(choice, {
    clientBufferMessages,
    allowedOrigins,
    evictionGraceMillis,
  });
  if (!start.ok) return start.problem;
  void start.target.died.catch(() => {});
  try {
    const run = await runFixture({ fixture, target: start.target, clock: systemClock, interruption });
    return createReplayResult(run, file);
  } finally {
    await start.target.close();
  }
}

function report(replays: readonly ReplayResult[], planned: number, output: string): void {
  if (replays.length === 0) return;
  const all: ReplayReport = {
    schemaVersion: REPLAY_SCHEMA_VERSION,
    kit: { name: 'norn-loadtest', version: kitVersion() },
    replays,
  };
  if (planned > 1) console.log(replayCounts(all, planned));
  const files = [
    { name: 'replay.json', text: `${JSON.stringify(all, null, 1)}\n` },
    { name: 'replay.xml', text: renderReplayJunit(all) },
    { name: 'replay.html', text: renderReplayHtml(all) },
  ];
  saveReports(SPEC.program, output, files, (line) => console.log(`\n${line}`));
}

function exitCodeOf(replays: readonly ReplayResult[]): ExitCode {
  if (replays.some(({ verdict }) => verdict === 'reproduced')) return EXIT_CODE.failed;
  return replays.every(({ verdict }) => verdict === 'not-reproduced')
    ? EXIT_CODE.passed
    : EXIT_CODE.inconclusive;
}
