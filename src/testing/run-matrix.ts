#!/usr/bin/env node
// The kill matrix (npm run matrix): every check on every hub, then docs/kill-matrix.md. Results are kept in
// reports/matrix; with --resume those that are there are not made again. Some rows only: `--only 'origin-*'` prints
// what each check said and writes no page. Ends with 1 where the judge fell short.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CHECKS } from '../conformance/registry.ts';
import { judgeSubject } from './matrix/judge-subject.ts';
import { renderKillMatrix } from './matrix/render-kill-matrix.ts';
import { checksWith, type MatrixRow, type Subject, toRow } from './matrix/row.ts';
import { findShortfalls } from './matrix/shortfalls.ts';
import { listSubjects } from './matrix/subjects.ts';

const RESULTS = fileURLToPath(new URL('../../reports/matrix', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/kill-matrix.md', import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    resume: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
    output: { type: 'string', default: RESULTS },
  },
});

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function isWanted({ id }: Subject): boolean {
  const patterns = values.only ?? ['*'];
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(id);
  });
}

async function judgeAll(subjects: readonly Subject[], problems: string[]): Promise<readonly MatrixRow[]> {
  const rows = new Map<string, MatrixRow>();
  const queue = [...subjects];
  const lane = async (): Promise<void> => {
    for (let subject = queue.shift(); subject !== undefined; subject = queue.shift()) {
      const judged = await judgeSubject(subject, values.output);
      if (!judged.ok) {
        problems.push(judged.problem);
        continue;
      }
      const row = toRow(subject, judged.value);
      rows.set(subject.id, row);
      say(
        `${rows.size}/${subjects.length} ${subject.id}: fails ${checksWith(row, 'fail').join(' ') || 'nothing'}; warns ${checksWith(row, 'warn').join(' ') || 'of nothing'}; errors ${checksWith(row, 'error').join(' ') || 'none'}`,
      );
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, lane));
  return subjects.flatMap(({ id }) => rows.get(id) ?? []);
}

if (!values.resume) await rm(values.output, { recursive: true, force: true });
await mkdir(values.output, { recursive: true });
const { subjects, missing } = await listSubjects();
const problems = [...missing];
const rows = await judgeAll(subjects.filter(isWanted), problems);
const isWhole = values.only === undefined;
const shortfalls = findShortfalls(rows, isWhole ? CHECKS : []);
if (isWhole) {
  await writeFile(PAGE, renderKillMatrix(rows, CHECKS));
  say(`wrote ${PAGE}`);
}
for (const problem of problems) say(`not run: ${problem}`);
for (const shortfall of shortfalls) say(`shortfall: ${shortfall}`);
process.exitCode = problems.length + shortfalls.length === 0 ? 0 : 1;
