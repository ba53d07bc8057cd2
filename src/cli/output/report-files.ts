// Writes reports to a folder. On a full or read-only disk nothing is lost silently: problems are reported, and the rest is
// still written.
import { accessSync, constants, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SECRETS } from '../../kit/secrets.ts';
import { UsageError } from '../options/usage-error.ts';
import { reportUnwritten } from './unwritten.ts';

export interface ReportFile {
  readonly name: string;
  readonly text: string;
}

export interface WrittenReports {
  readonly paths: readonly string[];
  /** One sentence for each file that could not be written. */
  readonly problems: readonly string[];
}

export function writeReports(folder: string, files: readonly ReportFile[]): WrittenReports {
  const paths: string[] = [];
  const problems: string[] = [];
  for (const { name, text } of files) {
    const path = join(folder, name);
    try {
      makeFolder(folder);
      writeWhole(path, text);
      paths.push(path);
    } catch (error) {
      problems.push(`cannot write ${path}: ${(error as Error).message}`);
    }
  }
  return { paths, problems };
}

/** Writes reports. `say` gets their paths, stderr what could not be written. */
export function saveReports(
  program: string,
  folder: string,
  files: readonly ReportFile[],
  say: (line: string) => void,
): WrittenReports {
  const isReplacing = files.some(({ name }) => isThere(join(folder, name)));
  const written = writeReports(folder, files);
  const { paths, problems } = written;
  if (isReplacing && paths.length > 0) console.error(`${program}: replaced older results in ${folder}`);
  if (paths.length > 0) say(`reports: ${paths.join('  ')}`);
  reportProblems(program, problems);
  return written;
}

export function reportProblems(program: string, problems: readonly string[]): void {
  for (const problem of problems) reportUnwritten(program, `${problem}; choose another folder with --output`);
}

/** Creates the folder before a run starts, so that no reports are lost at its end. Throws UsageError. */
export function mustBeWritable(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(
      `--output: no reports can be written to ${folder} (${(error as Error).message}); choose another folder`,
    );
  }
}

/** Like `mkdirSync` with `recursive`, which never returns in a folder that cannot have subfolders, such as /proc. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(folder).isDirectory()) return;
    const isParentMissing = code === 'ENOENT' && !isThere(dirname(folder));
    if (!isParentMissing) throw error;
    makeFolder(dirname(folder));
    mkdirSync(folder);
  }
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** A reader never sees half a report, and an old one stays until the new one is whole. */
function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, SECRETS.redact(text));
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
