// The journal of a run beside its reports: the result so far, which a coordinator that is killed leaves behind. It is gone
// when the reports are written. One of an earlier run is kept under another name, and said.
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRETS } from '../../kit/secrets.ts';
import type { LoadtestResult } from '../../load/result/result.ts';
import { makeFolder } from './report-files.ts';

export const JOURNAL_FILE = 'loadtest.journal.json';
/** Of earlier runs; the oldest is removed for another. */
const MOST_KEPT = 5;
const KEPT = /^loadtest\.journal-.+\.json$/;
/** What a program was writing when it was killed. */
const DRAFT = /^loadtest\.journal\.json\.\d+\.tmp$/;

export interface JournalFile {
  readonly path: string;
  /** Replaces it in one step. A disk that is full is named once; the journal before stays. */
  write(soFar: LoadtestResult): Promise<void>;
  /** The run has ended, with whole reports or not; `resultPath` is the whole result where that could be written. */
  end(areReportsWritten: boolean, resultPath?: string): void;
}

/** `say` prints one line. */
export function openJournal(folder: string, say: (line: string) => void): JournalFile {
  const path = join(folder, JOURNAL_FILE);
  attempt(() => setAside(folder, say), say);
  let isThere = false;
  let hasWarned = false;
  return {
    path,
    async write(soFar) {
      try {
        makeFolder(folder);
        await replace(path, SECRETS.redact(`${JSON.stringify(soFar)}\n`));
        isThere = true;
      } catch (error) {
        if (!hasWarned) say(`cannot write the journal ${path}, the run goes on: ${(error as Error).message}`);
        hasWarned = true;
      }
    },
    end(areReportsWritten, resultPath) {
      if (!areReportsWritten && resultPath !== undefined)
        say(`the whole result is written; to show it: ${commandFor(resultPath)}`);
      if (!isThere) return;
      if (areReportsWritten || resultPath !== undefined) attempt(() => rmSync(path, { force: true }), say);
      else say(`what was measured until shortly before the end is kept; to show it: ${commandFor(path)}`);
    },
  };
}

/** The journal of a run that has left one gets a name of its own, with its time. */
function setAside(folder: string, say: (line: string) => void): void {
  for (const draft of readdirSync(folder).filter((name) => DRAFT.test(name))) rmSync(join(folder, draft));
  const path = join(folder, JOURNAL_FILE);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  const kept = join(
    folder,
    `loadtest.journal-${found.mtime.toISOString().slice(0, 19).replaceAll(':', '-')}.json`,
  );
  renameSync(path, kept);
  say(
    `an earlier run did not write its reports; its journal is kept, to show what it had measured: ${commandFor(kept)}`,
  );
  const names = readdirSync(folder)
    .filter((name) => KEPT.test(name))
    .sort();
  for (const name of names.slice(0, -MOST_KEPT)) {
    rmSync(join(folder, name));
    say(`removed ${join(folder, name)}: the journals of ${MOST_KEPT} such runs are kept`);
  }
}

function commandFor(path: string): string {
  return `norn-loadtest report ${path}`;
}

/** Whoever reads the file sees a whole one, also after a loss of power. */
async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(draft, 'w');
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function attempt(work: () => void, say: (line: string) => void): void {
  try {
    work();
  } catch (error) {
    say((error as Error).message);
  }
}
