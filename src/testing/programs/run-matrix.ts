#!/usr/bin/env node
// The kill matrix (npm run matrix): every check on every hub, then docs/kill-matrix.md. What each check said is kept in
// docs/kill-matrix.json. `--missing` asks every hub only what it was never asked (and goes on with a run that was
// interrupted), `--only 'origin-*'` asks those hubs everything anew; the rest stays as it is. Ends with 1 where the
// judge fell short.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CHECKS } from '../../conformance/registry.ts';
import { judgeSubject } from '../matrix/judge-subject.ts';
import { openKeptVerdicts } from '../matrix/kept-verdicts.ts';
import { renderHeatMap } from '../matrix/render-heat-map.ts';
import { renderMarkdown } from '../matrix/render-markdown.ts';
import { checksWith, type MatrixRow, type Subject } from '../matrix/row.ts';
import { findShortfalls } from '../matrix/shortfalls.ts';
import { listSubjects } from '../matrix/subjects.ts';

const docsFile = (name: string): string => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    missing: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
  },
});

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const kept = openKeptVerdicts(docsFile('kill-matrix.json'));
// Measurements blame nobody.
const asked = CHECKS.filter(({ level }) => level !== 'info');

function isWanted(subject: Subject): boolean {
  return (values.only ?? ['*']).some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(subject.id);
  });
}

interface Errand {
  readonly subject: Subject;
  /** Ids. */
  readonly checks: readonly string[];
}

function errandFor(subject: Subject): Errand {
  const known = values.missing ? kept.rows.get(subject.id) : undefined;
  return { subject, checks: asked.map(({ id }) => id).filter((id) => known?.has(id) !== true) };
}

async function judgeAll(errands: readonly Errand[], problems: string[]): Promise<void> {
  const queue = [...errands];
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let errand = queue.shift(); errand !== undefined; errand = queue.shift()) {
      const { subject, checks } = errand;
      const judged = await judgeSubject(subject, checks);
      done += 1;
      if (!judged.ok) {
        problems.push(judged.problem);
        continue;
      }
      await kept.keep(subject.id, judged.value);
      say(`${done}/${errands.length} ${describe(rowOf(subject))}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, lane));
}

function describe(row: MatrixRow): string {
  const ids = (verdict: 'fail' | 'warn' | 'error', none: string): string =>
    checksWith(row, verdict).join(' ') || none;
  return `${row.subject.id}: fails ${ids('fail', 'nothing')}; warns ${ids('warn', 'of nothing')}; errors ${ids('error', 'none')}`;
}

function rowOf(subject: Subject): MatrixRow {
  return { subject, verdicts: kept.rows.get(subject.id) ?? new Map() };
}

const { subjects, missing } = await listSubjects();
const problems = [...missing];
if (!values.missing && values.only === undefined) kept.forgetAll();
const errands = subjects.filter(isWanted).map(errandFor);
await judgeAll(
  errands.filter(({ checks }) => checks.length > 0),
  problems,
);
const rows = subjects.filter(({ id }) => kept.rows.has(id)).map(rowOf);
await writeFile(docsFile('kill-matrix.md'), renderMarkdown(rows, asked));
await writeFile(docsFile('kill-matrix.html'), renderHeatMap(rows, asked));
say('wrote docs/kill-matrix.md and docs/kill-matrix.html');
const shortfalls = findShortfalls(rows, asked);
for (const problem of problems) say(`not run: ${problem}`);
for (const shortfall of shortfalls) say(`shortfall: ${shortfall}`);
process.exitCode = problems.length + shortfalls.length === 0 ? 0 : 1;
