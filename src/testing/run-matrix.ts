#!/usr/bin/env node
// The kill matrix (npm run matrix): every check on every hub, then docs/kill-matrix.md. What each check said is kept in
// docs/kill-matrix.json. `--missing` judges only hubs that were never asked what names them (and goes on with a run
// that was interrupted), `--only 'origin-*'` those hubs anew; the others stay as they are. Ends with 1 where the judge
// fell short.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CHECKS } from '../conformance/registry.ts';
import { judgeSubject } from './matrix/judge-subject.ts';
import { openKeptVerdicts } from './matrix/kept-verdicts.ts';
import { renderKillMatrix } from './matrix/render-kill-matrix.ts';
import { checksWith, type MatrixRow, type Subject } from './matrix/row.ts';
import { findShortfalls } from './matrix/shortfalls.ts';
import { listSubjects } from './matrix/subjects.ts';

const PAGE = fileURLToPath(new URL('../../docs/kill-matrix.md', import.meta.url));
const KEPT = fileURLToPath(new URL('../../docs/kill-matrix.json', import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    missing: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
  },
});

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const kept = openKeptVerdicts(KEPT);
// Measurements blame nobody.
const asked = CHECKS.filter(({ level }) => level !== 'info');

function isWanted(subject: Subject): boolean {
  if (values.missing) return isMissing(subject);
  return (values.only ?? ['*']).some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(subject.id);
  });
}

/** Must fail nothing: then every check has to be asked. */
function isMissing({ id, kind, namedBy }: Subject): boolean {
  const verdicts = kept.rows.get(id);
  const owed = kind === 'defect' ? Object.keys(namedBy) : asked.map((check) => check.id);
  return verdicts === undefined || owed.some((check) => !verdicts.has(check));
}

async function judgeAll(wanted: readonly Subject[], problems: string[]): Promise<void> {
  const queue = [...wanted];
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let subject = queue.shift(); subject !== undefined; subject = queue.shift()) {
      const judged = await judgeSubject(subject);
      done += 1;
      if (!judged.ok) {
        problems.push(judged.problem);
        continue;
      }
      await kept.keep(subject.id, judged.value);
      say(`${done}/${wanted.length} ${describe(rowOf(subject))}`);
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
await judgeAll(subjects.filter(isWanted), problems);
const rows = subjects.filter(({ id }) => kept.rows.has(id)).map(rowOf);
await writeFile(PAGE, renderKillMatrix(rows, asked));
say(`wrote ${PAGE}`);
const shortfalls = findShortfalls(rows, asked);
for (const problem of problems) say(`not run: ${problem}`);
for (const shortfall of shortfalls) say(`shortfall: ${shortfall}`);
process.exitCode = problems.length + shortfalls.length === 0 ? 0 : 1;
