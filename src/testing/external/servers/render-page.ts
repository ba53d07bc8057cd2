// docs/real-servers.md: what each server's hub does differently from the protocol, and why. Made from the reviewed verdicts.
import { CHECKS } from '../../../conformance/registry.ts';
import type { Expected, ExpectedVerdict } from './expected.ts';
import type { Server } from './servers.ts';

type Row = readonly [server: Pick<Server, 'name' | 'title' | 'packages'>, expected: Expected];

const HEAD = `# Real servers

Eight broadcast servers in daily use, each as a small hub in \`src/testing/external/servers/hubs\`, written from the server's
documentation as an engineer would write it: a buffer of 64 messages for each client where the server allows one, the
origin rule, and a route for events. CI runs half of the suite and a short load test on them in turn. Every verdict that is not a pass was
reviewed against the server's documentation and source and with a raw socket; a verdict that changes fails CI. A failure is a
fact about this hub: nearly all of them come from the server's library, which is more tolerant than RFC 6455 demands.

\`npm run servers\` runs every check on every server and rewrites the reviewed verdicts, for a review by diff. This page is
generated from them (\`npm run docs\`).
`;

export function renderServersPage(rows: readonly Row[]): string {
  return [HEAD, renderOverview(rows), ...rows.map(renderServer)].join('\n');
}

function renderOverview(rows: readonly Row[]): string {
  const lines = rows.map(([{ title }, { version, checks, load }]) => {
    const count = (verdict: string): number =>
      blamed(checks).filter(([, one]) => one.verdict === verdict).length;
    return `| [${title}](#${anchorOf(title)}) | ${version} | ${count('fail')} | ${count('warn')} | ${load.verdict} |`;
  });
  return ['| server | version | fail | warn | load test |', '|---|---|---|---|---|', ...lines, ''].join('\n');
}

function renderServer([{ title, packages }, { design, checks, load }]: Row): string {
  const rows = blamed(checks).map(([id, { verdict, or, why }]) => {
    const verdicts = or === undefined ? verdict : `${verdict} or ${or}`;
    return `| \`${id}\` | ${verdicts} | ${cell(why)} |`;
  });
  const problems = [
    ...Object.entries(load.problems),
    ...Object.entries(load.possible ?? {}).map(([name, why]) => [`possibly ${name}`, why] as const),
  ].map(([name, why]) => `| ${cell(name)} | ${cell(why)} |`);
  return [
    `## ${title}`,
    '',
    `Debian: ${packages
      .split(' ')
      .map((name) => `\`${name}\``)
      .join(', ')}.${design === '' ? '' : ` ${design}`}`,
    '',
    ...(rows.length === 0
      ? ['It passes every check.']
      : ['| check | verdict | why |', '|---|---|---|', ...rows]),
    '',
    problems.length === 0
      ? `Load test: ${load.verdict}.`
      : [`Load test: ${load.verdict}.`, '', '| finding | why |', '|---|---|', ...problems].join('\n'),
    '',
  ].join('\n');
}

/** Checks that could not be judged say nothing about the server. The order is that of the suite. */
function blamed(checks: Expected['checks']): readonly (readonly [string, ExpectedVerdict])[] {
  return CHECKS.flatMap(({ id }) => {
    const expected = checks[id];
    return expected === undefined || expected.verdict === 'skip' ? [] : [[id, expected] as const];
  });
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The anchor of a heading, as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
