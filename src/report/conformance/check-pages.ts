// The checks themselves as text: one for a terminal (--explain), all of them as docs/checks.md, and the list (--list).
import type { Check } from '../../conformance/check.ts';

export function renderCheckList(checks: readonly Check[]): string {
  const width = Math.max(0, ...checks.map(({ id }) => id.length));
  return checks.map(({ id, level, title }) => `${id.padEnd(width)}  ${level.padEnd(6)}  ${title}`).join('\n');
}

export function renderExplanation(check: Check): string {
  return [
    `${check.id} (${check.level})`,
    check.title,
    '',
    `${check.clause.source}:`,
    `  "${check.clause.quote}"`,
    '',
    check.explain,
    '',
    `needs: ${describeNeeds(check)}; gives up after ${check.deadlineMillis / 1_000} s; ${ISOLATION_WORDS[check.isolation]}`,
  ].join('\n');
}

export function renderCheckDocs(checks: readonly Check[]): string {
  const chapters = [...new Set(checks.map(({ chapter }) => chapter))];
  return [
    '# Checks',
    'Every check of `norn-conformance`, generated from the checks themselves by `npm run docs`.',
    'A broken *must* is a failure, a broken *should* a warning (a failure with `--strict`); *info* only measures. `norn-conformance --only ID` runs one of them, `*` stands for any characters.',
    ...chapters.flatMap((chapter) => [
      `## ${chapter}`,
      ...checks.filter((check) => check.chapter === chapter).map(renderSection),
    ]),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

function renderSection(check: Check): string {
  return [
    `### ${check.id}`,
    `*${check.level}*: ${check.title}.`,
    `> ${check.clause.source}: ${check.clause.quote}`,
    check.explain,
    `Needs: ${describeNeeds(check)}. Gives up after ${check.deadlineMillis / 1_000} s; ${ISOLATION_WORDS[check.isolation]}.`,
  ].join('\n\n');
}

function describeNeeds({ needs }: Check): string {
  return needs.length === 0 ? 'nothing but the hub' : needs.join(', ');
}

const ISOLATION_WORDS: Readonly<Record<Check['isolation'], string>> = {
  alone: 'has the hub to itself',
  shared: 'runs beside other checks',
  beside: 'only listens, beside the other checks of its chapter',
  'second-hub': 'has a second hub to itself, while all other checks run',
};
