// Verdicts of earlier runs, kept beside the page (docs/kill-matrix.json): a new hub or check needs no run of all the
// others, which takes more than an hour, and an interrupted run continues where it stopped.
import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { Verdict } from '../../conformance/finding.ts';
import type { CheckResult } from '../../conformance/result.ts';

/** Verdicts by check. A missing check did not exist yet, or its verdict was not kept. */
export type Verdicts = ReadonlyMap<string, Verdict>;

/** What the matrix needs of the result of one hub. */
export interface Judged {
  readonly checks: readonly Pick<CheckResult, 'id' | 'verdict'>[];
}

export interface KeptVerdicts {
  /** By id of the hub. */
  readonly rows: ReadonlyMap<string, Verdicts>;
  /** Keeps the known verdicts of checks that did not run now. */
  keep(hub: string, result: Judged): Promise<void>;
  forgetAll(): void;
}

/** One letter a check, in the order of `checks`; `?`: not known. */
interface FileForm {
  readonly suites: readonly (readonly string[])[];
  readonly rows: Readonly<Record<string, { readonly suite: number; readonly verdicts: string }>>;
}

const LETTERS: Readonly<Record<Verdict, string>> = { pass: 'p', fail: 'f', warn: 'w', skip: 's', error: 'e' };
const VERDICTS = new Map(Object.entries(LETTERS).map(([verdict, letter]) => [letter, verdict as Verdict]));

export function openKeptVerdicts(file: string): KeptVerdicts {
  const rows = existsSync(file) ? decodeVerdicts(readFileSync(file, 'utf8')) : new Map<string, Verdicts>();
  let written: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    await writeFile(`${file}.part`, encodeVerdicts(rows));
    await rename(`${file}.part`, file);
  }

  return {
    rows,
    keep(hub, { checks }) {
      const said = checks.map(({ id, verdict }) => [id, verdict] as const);
      rows.set(hub, new Map([...(rows.get(hub) ?? []), ...said]));
      written = written.then(write);
      return written;
    },
    forgetAll: () => rows.clear(),
  };
}

export function encodeVerdicts(rows: ReadonlyMap<string, Verdicts>): string {
  const suites: string[] = [];
  const sorted = [...rows].sort(([one], [other]) => (one < other ? -1 : 1));
  const lines = sorted.map(([hub, verdicts]) => {
    const suite = JSON.stringify([...verdicts.keys()]);
    if (!suites.includes(suite)) suites.push(suite);
    const letters = [...verdicts.values()].map((verdict) => LETTERS[verdict]).join('');
    return `  ${JSON.stringify(hub)}: ${JSON.stringify({ suite: suites.indexOf(suite), verdicts: letters })}`;
  });
  return `{"suites": [\n  ${suites.join(',\n  ')}\n], "rows": {\n${lines.join(',\n')}\n}}\n`;
}

export function decodeVerdicts(text: string): Map<string, Verdicts> {
  const { suites, rows } = JSON.parse(text) as FileForm;
  const decoded = Object.entries(rows).map(([hub, { suite, verdicts }]): [string, Verdicts] => {
    const said = (suites[suite] ?? []).flatMap((id, at): [string, Verdict][] => {
      const verdict = VERDICTS.get(verdicts[at] ?? '?');
      return verdict === undefined ? [] : [[id, verdict]];
    });
    return [hub, new Map(said)];
  });
  return new Map(decoded);
}
