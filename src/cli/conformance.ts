#!/usr/bin/env node
// norn-conformance: judges a hub, clause by clause.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KnownFailing, parseKnownFailing } from '../conformance/known-failing.ts';
import { CHECKS } from '../conformance/registry.ts';
import { type ConformanceResult, decide } from '../conformance/result.ts';
import { runConformance } from '../conformance/run-conformance.ts';
import { findCheck, selectChecks } from '../conformance/selection.ts';
import { DEFAULT_SETTINGS, type Settings } from '../conformance/settings.ts';
// norn-conformance: judges a hub, clause by clause.
import { kitVersion } from '../library/kit-version.ts';
import { CLIENT_BUFFER_MESSAGES } from '../protocol/limits.ts';
import { renderCheckList, renderExplanation } from '../report/check-pages.ts';
import {
  CONFORMANCE_REPORTERS,
  type ConformanceReporter,
  REPORTER_FORMS,
} from '../report/conformance-reporters.ts';
import { type ChosenTarget, startChosenTarget } from '../target/choose-target.ts';
import { refuseNonLoopback } from '../target/refuse-non-loopback.ts';
import type { Parsed } from '../units/parsed.ts';
import { type OptionValues, parseCommandLine, runProgram, UsageError } from './command-line.ts';
import { runReport } from './conformance-report.ts';
import { EXIT_CODE, type ExitCode } from './exit-code.ts';
import { choice, choices, duration, flag, integer, text, texts } from './option.ts';
import { writeReports } from './report-files.ts';
import { rerunCommand } from './rerun-command.ts';
import { appendStepSummary } from './step-summary.ts';
import { readTargetChoice, TARGET_OPTIONS } from './target-options.ts';

const checks = { group: 'Checks:' };
const reports = { group: 'Reports:' };

const SPEC = {
  program: 'norn-conformance',
  usage: '[report] [URL] [options]',
  describe:
    'Judges a WebSocket broadcast hub, in whatever language it is written, clause by clause. Without a URL it starts the reference hub and judges that.',
  maxPositionals: 1,
  options: {
    only: {
      ...texts('Run only these checks: ids with * for anything, or a chapter; repeatable', 'PATTERN'),
      ...checks,
    },
    skip: { ...texts('Leave these out; repeatable', 'PATTERN'), ...checks },
    level: {
      ...choice('must; should: must and should; all: measurements too [all]', 'LEVEL', [
        'must',
        'should',
        'all',
      ]),
      ...checks,
    },
    strict: { ...flag('Warnings fail the run too'), ...checks },
    'known-failing': {
      ...text('YAML or JSON list of {id, reason}: failures that are accepted for now', 'FILE'),
      ...checks,
    },
    list: { ...flag('List the checks and end'), ...checks },
    explain: { ...text('Explain one check and end', 'ID'), ...checks },
    seed: { ...integer('Everything random follows from it [1]', 'N', 0, 2 ** 31 - 1), ...checks },
    ...TARGET_OPTIONS,
    'allowed-origin': {
      ...texts('Origin the hub allows besides the defaults; repeatable', 'ORIGIN'),
      group: 'Hub under test:',
    },
    'client-buffer': {
      ...integer(`Messages the hub buffers for each client [${CLIENT_BUFFER_MESSAGES}]`, 'N', 1, 65_536),
      group: 'Hub under test:',
    },
    'kick-deadline': {
      ...duration('By when an evicted client must be disconnected [10s]', 100),
      group: 'Hub under test:',
    },
    'ping-interval': {
      ...duration('How often the hub pings a client; without it pings are not judged', 100, 50_000),
      group: 'Hub under test:',
    },
    'allow-remote-target': {
      ...flag('Judge a hub on another machine; only one that is yours'),
      group: 'Hub under test:',
    },
    reporter: {
      ...choices(`${CONFORMANCE_REPORTERS.join(', ')}; repeatable [table]`, 'NAME', CONFORMANCE_REPORTERS),
      ...reports,
    },
    output: {
      ...text('Write each report to DIR/conformance.EXT; without --reporter all of them', 'DIR'),
      ...reports,
    },
  },
  examples: [
    ['norn-conformance', 'judge the reference hub'],
    ['norn-conformance ws://127.0.0.1:8800/ws', 'a running hub with POST /broadcast beside it'],
    ["norn-conformance --spawn './hub --port 0' --reporter junit --output reports", 'in CI, in any language'],
    ["norn-conformance --only 'slow-client.*' --seed 7", 'some checks, other chance'],
  ],
} as const;
const COMMANDS = [['report', 'render old results again; several hubs become a grid']] as const;
const DEFAULT_FIXTURE_FOLDER = 'reports';
type Values = OptionValues<typeof SPEC.options>;

// These speak to whoever watches the log; the others are files, unless there is no folder for them.
const FOR_THE_LOG: readonly ConformanceReporter[] = ['table', 'github'];

await runProgram(SPEC.program, async (argv) => {
  if (argv[0] === 'report') return runReport(argv.slice(1));
  const line = await parseCommandLine({ ...SPEC, commands: COMMANDS }, argv, process.env);
  if (line.kind === 'print') return print(line.text);
  const { values } = line;
  if (values.explain !== undefined)
    return print(renderExplanation(unwrap(findCheck(CHECKS, values.explain), '--explain')));
  const { only, skip, level } = values;
  const selected = unwrap(
    selectChecks(CHECKS, { only, skip, level }),
    only === undefined ? '--skip' : '--only',
  );
  if (values.list) return print(renderCheckList(selected));
  const known = readKnownFailing(values['known-failing']);
  const settings = readSettings(values, argv);
  const choice = readTargetChoice(line.positionals[0], values);
  if ('url' in choice && choice.url !== undefined) {
    unwrap(refuseNonLoopback(choice.url, values['allow-remote-target'] ?? false), 'the URL');
  }
  const start = await startChosenTarget(choice, {
    clientBufferMessages: values['client-buffer'],
    allowedOrigins: values['allowed-origin'],
    pingIntervalMillis: values['ping-interval'],
  });
  return judge(start, { values, settings, known, selected, command: commandOf(argv, settings) });
});

interface Run {
  readonly values: Values;
  readonly settings: Settings;
  readonly known: readonly KnownFailing[];
  readonly selected: typeof CHECKS;
  readonly command: string;
}

async function judge(start: ChosenTarget, run: Run): Promise<ExitCode> {
  if (!start.ok) {
    console.error(`${SPEC.program}: ${start.problem}`);
    return EXIT_CODE.target;
  }
  if (start.notice) console.error(`${SPEC.program}: note: ${start.notice}`);
  const { target } = start;
  const interruption = interruptOnSignal();
  const progress = createCounter(run.selected.length);
  try {
    const result = await runConformance({
      checks: run.selected,
      target,
      settings: run.settings,
      kit: { name: 'norn-loadtest', version: kitVersion() },
      command: run.command,
      strict: run.values.strict ?? false,
      knownFailing: run.known,
      signal: interruption,
      onResult: ({ id }) => progress.count(id),
    });
    progress.end();
    report(result, run.values);
    return interruption.aborted ? EXIT_CODE.interrupted : EXIT_CODE[decide(result)];
  } finally {
    await target.close();
  }
}

/** One live line on a terminal; nothing elsewhere. */
function createCounter(total: number) {
  const isShown = process.stderr.isTTY === true && !process.env.CI;
  let done = 0;
  return {
    count(id: string): void {
      done++;
      if (isShown) process.stderr.write(`\r\u001b[2K${done}/${total} ${id}`);
    },
    end(): void {
      if (isShown) process.stderr.write('\r\u001b[2K');
    },
  };
}

/** The first signal ends the run with a partial report; the second ends the program at once. */
function interruptOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT_CODE.interrupted);
      console.error(`\n${SPEC.program}: stopping; what was judged is reported (again to stop at once)`);
      controller.abort();
    });
  }
  return controller.signal;
}

function report(result: ConformanceResult, { reporter, output }: Values): void {
  const chosen = new Set<ConformanceReporter>(reporter ?? ['table']);
  for (const name of chosen) {
    if (output === undefined || FOR_THE_LOG.includes(name))
      process.stdout.write(REPORTER_FORMS[name].render(result));
  }
  const unwritten = chosen.has('github')
    ? appendStepSummary(REPORTER_FORMS.markdown.render(result), process.env)
    : undefined;
  if (unwritten !== undefined) console.error(`${SPEC.program}: ${unwritten}`);
  writeFixtures(result, output ?? DEFAULT_FIXTURE_FOLDER);
  if (output === undefined) return;
  const names = reporter === undefined ? CONFORMANCE_REPORTERS : [...chosen];
  const files = names.map((name) => ({
    name: REPORTER_FORMS[name].fileName,
    text: REPORTER_FORMS[name].render(result),
  }));
  const written = writeReports(output, files);
  if (written.paths.length > 0) console.error(`reports: ${written.paths.join('  ')}`);
  for (const problem of written.problems)
    console.error(`${SPEC.program}: ${problem}; choose another folder with --output`);
}

/** What chance found is worth keeping, also where no reports were asked for. */
function writeFixtures({ checks }: ConformanceResult, folder: string): void {
  const files = checks.flatMap(({ fixture }) =>
    fixture === undefined ? [] : [{ name: fixture.fileName, text: fixture.yaml }],
  );
  const { paths, problems } = writeReports(folder, files);
  for (const path of paths) console.error(`${SPEC.program}: what failed is kept as ${path}`);
  for (const problem of problems)
    console.error(`${SPEC.program}: ${problem}; choose another folder with --output`);
}

function readSettings(values: Values, argv: readonly string[]): Settings {
  const folder = values.output ?? DEFAULT_FIXTURE_FOLDER;
  return {
    ...DEFAULT_SETTINGS,
    clientBufferMessages: values['client-buffer'] ?? DEFAULT_SETTINGS.clientBufferMessages,
    kickDeadlineMillis: values['kick-deadline'] ?? DEFAULT_SETTINGS.kickDeadlineMillis,
    allowedOrigins: values['allowed-origin'] ?? [],
    pingIntervalMillis: values['ping-interval'],
    seed: values.seed ?? DEFAULT_SETTINGS.seed,
    replayCommand: (fileName) => {
      const [dropped, switches] = [flagsOf(false), flagsOf(true)];
      return rerunCommand(`norn-loadtest replay ${join(folder, fileName)}`, argv, dropped, switches);
    },
  };
}

/** The flags that are not about which hub it is. */
function flagsOf(isSwitch: boolean): string[] {
  const hub = [...Object.keys(TARGET_OPTIONS), 'allow-remote-target'];
  return Object.entries(SPEC.options)
    .filter(([name, option]) => !hub.includes(name) && (option.placeholder === '') === isSwitch)
    .map(([name]) => `--${name}`);
}

function readKnownFailing(file: string | undefined): readonly KnownFailing[] {
  if (file === undefined) return [];
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--known-failing: cannot read ${file}: ${(error as Error).message}`);
  }
  return unwrap(parseKnownFailing(content, CHECKS), `--known-failing ${file}`);
}

function commandOf(argv: readonly string[], { seed }: Settings): string {
  const dropped = ['--only', '--skip', '--level', '--known-failing', '--reporter', '--output', '--seed'];
  return `${rerunCommand(SPEC.program, argv, dropped, ['--strict'])} --seed ${seed}`;
}

function unwrap<T>(value: Parsed<T>, source: string): T {
  if (!value.ok) throw new UsageError(`${source}: ${value.problem}`);
  return value.value;
}

function print(words: string): ExitCode {
  console.log(words);
  return EXIT_CODE.held;
}
