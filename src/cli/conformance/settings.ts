// From flags to the settings of a conformance run, and to the commands that repeat it.
import { join } from 'node:path';
import { type KnownFailing, parseKnownFailing } from '../../conformance/known-failing.ts';
import { CHECKS } from '../../conformance/registry.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../conformance/run/settings.ts';
import { MAX_YAML_BYTES, readLimitedFile } from '../../files/limited-file.ts';
import type { Parsed } from '../../units/parsed.ts';
import { CLIENT_OPTIONS, TARGET_OPTIONS, TLS_OPTIONS } from '../options/target-options.ts';
import { UsageError } from '../options/usage-error.ts';
import { rerunCommand } from '../output/rerun-command.ts';
import { readHubSettings } from './on-hub.ts';
import { SPEC, type Values } from './spec.ts';

/** Random programs that failed are kept here, also without --output. */
export const DEFAULT_FIXTURE_FOLDER = 'reports';

export function readSettings(values: Values, argv: readonly string[]): Settings {
  const folder = values.output ?? DEFAULT_FIXTURE_FOLDER;
  return {
    ...readHubSettings(values, values.time),
    exploreMillis: values['explore-time'] ?? DEFAULT_SETTINGS.exploreMillis,
    replayCommand: (fileName, program = 'norn-loadtest replay') =>
      rerunCommand({
        program: `${program} ${join(folder, fileName)}`,
        options: SPEC.options,
        argv,
        environment: process.env,
        dropped: program === 'norn-loadtest replay' ? flagsNotAboutTheHub() : FLAGS_OF_THE_RUN,
      }),
  };
}

/** `norn-conformance explore` takes what describes the hub, and nothing of the run. */
const FLAGS_OF_THE_RUN = [
  ...['only', 'skip', 'level', 'strict', 'known-failing', 'list', 'explain', 'seed', 'explore-time'],
  ...['reporter', 'output'],
];

function flagsNotAboutTheHub(): string[] {
  const hub = [
    ...Object.keys({ ...TARGET_OPTIONS, ...TLS_OPTIONS, ...CLIENT_OPTIONS }),
    'allow-remote-target',
  ];
  return Object.keys(SPEC.options).filter((name) => !hub.includes(name));
}

/** Without a selection: a report adds `--only ID`. */
export function commandOf(argv: readonly string[], { seed }: Settings): string {
  const again = rerunCommand({
    program: SPEC.program,
    options: SPEC.options,
    argv,
    environment: process.env,
    dropped: ['only', 'skip', 'level', 'known-failing', 'reporter', 'output', 'seed', 'strict'],
  });
  return `${again} --seed ${seed}`;
}

export function readKnownFailing(file: string | undefined): readonly KnownFailing[] {
  if (file === undefined) return [];
  return unwrap(parseKnownFailing(readKnownFailingText(file), CHECKS), `--known-failing ${file}`);
}

/** A list of known failures, of checks or of an exploration: one limit for both. */
export const readKnownFailingText = (file: string): string =>
  readText(file, '--known-failing', MAX_YAML_BYTES);

/** The text of a file that a flag names. */
export function readText(file: string, flag: string, maxBytes: number): string {
  const text = readLimitedFile(file, maxBytes);
  if (!text.ok) throw new UsageError(`${flag}: cannot read ${file}: ${text.problem}`);
  return text.value;
}

/** The value; throws a UsageError that names its source. */
export function unwrap<T>(value: Parsed<T>, source: string): T {
  if (!value.ok) throw new UsageError(`${source}: ${value.problem}`);
  return value.value;
}
