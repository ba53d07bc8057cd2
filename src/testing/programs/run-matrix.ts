#!/usr/bin/env node
// The kill matrix (npm run matrix): runs every check on every hub, then writes docs/kill-matrix.md and .html. The
// verdicts are kept in docs/kill-matrix.json. `--missing` runs only checks that have no verdict yet, and so continues an
// interrupted run; `--only 'origin-*'` runs those hubs again; `--jobs N` sets how many hubs run at the same time. Exits
// with 1 when the suite has a shortfall.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CHECKS } from '../../conformance/registry.ts';
import { judgeSubject } from '../matrix/judge-subject.ts';
import { openKeptVerdicts } from '../matrix/kept-verdicts.ts';
import { renderHeatMap } from '../matrix/pages/render-heat-map.ts';
import { renderMarkdown } from '../matrix/pages/render-markdown.ts';
import { checksWith, type MatrixRow, type Subject } from '../matrix/row.ts';
import { type Errand, runErrands } from '../matrix/run-errands.ts';
import { findShortfalls } from '../matrix/shortfalls.ts';
import { listSubjects } from '../matrix/subjects.ts';

const docsFile = (name: string): string => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    missing: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '3' },
  },
});

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const kept = openKeptVerdicts(docsFile('kill-matrix.json'));
// Measurements never fail a hub.
const checks = CHECKS.filter(({ level }) => level !== 'info');

function isWanted(subject: Subject): boolean {
  return (values.only ?? ['*']).some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(subject.id);
  });
}

function errandFor(subject: Subject): Errand {
  const row = rowOf(subject);
  const done = values.missing ? row.verdicts : new Map();
  return {
    subject,
    checks: checks.map(({ id }) => id).filter((id) => !done.has(id)),
    earlierFailures: checksWith(row, 'fail').length,
  };
}

function describe(row: MatrixRow): string {
  const ids = (verdict: 'fail' | 'warn' | 'error'): string => checksWith(row, verdict).join(' ') || 'none';
  return `${row.subject.id}: fail: ${ids('fail')}; warn: ${ids('warn')}; error: ${ids('error')}`;
}

function rowOf(subject: Subject): MatrixRow {
  return { subject, verdicts: kept.rows.get(subject.id) ?? new Map() };
}

const jobs = Number(values.jobs);
if (!Number.isInteger(jobs) || jobs < 1) {
  process.stderr.write(`--jobs: expected a whole number of at least 1, got "${values.jobs}"\n`);
  process.exit(2);
}
const { subjects, missing } = await listSubjects();
const errands = subjects.filter(isWanted).map(errandFor);
if (!values.missing && values.only === undefined) kept.forgetAll();
let done = 0;
const problems = await runErrands({
  errands: errands.filter((errand) => errand.checks.length > 0),
  jobs,
  judge: judgeSubject,
  async onResult(subject, result) {
    await kept.keep(subject.id, result);
    done += 1;
    say(`${done}/${errands.length} ${describe(rowOf(subject))}`);
  },
});
const rows = subjects.filter(({ id }) => kept.rows.has(id)).map(rowOf);
await writeFile(docsFile('kill-matrix.md'), renderMarkdown(rows, checks));
await writeFile(docsFile('kill-matrix.html'), renderHeatMap(rows, checks));
say('wrote docs/kill-matrix.md and docs/kill-matrix.html');
const shortfalls = findShortfalls(rows, checks);
for (const problem of [...missing, ...problems]) say(`not run: ${problem}`);
for (const shortfall of shortfalls) say(`shortfall: ${shortfall}`);
process.exitCode = missing.length + problems.length + shortfalls.length === 0 ? 0 : 1;
