// Writes reports to a folder. A disk that is full or closed to us loses nothing silently: what could not be written is
// said, and the rest is still written.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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
      mkdirSync(folder, { recursive: true });
      writeWhole(path, text);
      paths.push(path);
    } catch (error) {
      problems.push(`cannot write ${path}: ${(error as Error).message}`);
    }
  }
  return { paths, problems };
}

/** A reader never sees half a report, and an old one stays until the new one is whole. */
function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
