// Replayed fixtures as one offline page: for each the answer, every expectation, a picture of who read when, and the
// log.
import type { ReplayReport, ReplayResult, SessionSummary } from '../../fixture/judge/replay-result.ts';
import { renderDurationMillis } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { renderBytes } from '../../units/size.ts';
import { anatomyTable } from '../anatomy/anatomy-table.ts';
import { describeAnatomy, type ToldEviction } from '../anatomy/anatomy-text.ts';
import { escapeXml } from '../format/xml-text.ts';
import { describeEnd, evictedClients, typicalEvictions } from './anatomy.ts';
import { REPRODUCTION_WORDS } from './words.ts';

/** Connections drawn for each fixture; the rest is counted. */
const DRAWN_SESSIONS = 40;
const LOGGED_LINES = 500;
const PICTURE = { width: 720, left: 130, right: 40, row: 18, bar: 10, foot: 22 };

export function renderReplayHtml({ kit, replays }: ReplayReport): string {
  const count = (wanted: string) => replays.filter(({ verdict }) => verdict === wanted).length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Replay: ${count('reproduced')} of ${replays.length} reproduced</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Replayed fixtures</h1>
<p>${replays.length === 1 ? '1 fixture' : `${replays.length} fixtures`}: <b>${count('not-reproduced')}</b> not reproduced, <b>${count('reproduced')}</b> reproduced, <b>${count('inconclusive')}</b> inconclusive. ${escapeXml(kit.name)} ${escapeXml(kit.version)}</p>
${replays.length > 1 ? renderContents(replays) : ''}
${replays.map(renderFixture).join('\n')}
</main>
</body>
</html>
`;
}

function renderContents(replays: readonly ReplayResult[]): string {
  const lines = replays.map(
    ({ fixture, verdict }, at) =>
      `<li><a href="#r${at}">${escapeXml(fixture)}</a> <span class="tag ${verdict}">${REPRODUCTION_WORDS[verdict]}</span></li>`,
  );
  return `<ul class="contents">${lines.join('')}</ul>`;
}

function renderFixture(result: ReplayResult, at: number): string {
  const { fixture, bug, verdict, obstacles, outcomes, target } = result;
  const rows = outcomes.map(
    (outcome) =>
      `<tr class="${outcome.verdict}"><td>${outcome.verdict}</td><td>${escapeXml(outcome.of)} ${escapeXml(outcome.claim)}${outcome.got === '' ? '' : `<br><em>${escapeXml(outcome.got)}</em>`}</td></tr>`,
  );
  return `<section id="r${at}">
<h2>${escapeXml(fixture)} <span class="tag ${verdict}">${REPRODUCTION_WORDS[verdict]}</span></h2>
<p>${escapeXml(bug)}</p>
${obstacles.map((obstacle) => `<p class="inconclusive">Cannot be judged: ${escapeXml(obstacle)}</p>`).join('')}
<div class="wide" tabindex="0" role="region" aria-label="Expectations"><table><thead><tr><th>verdict</th><th>expectation</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>
<div class="wide" tabindex="0" role="region" aria-label="Picture">${renderPicture(result)}</div>
<p class="legend"><span class="key reading"></span> reading <span class="key stalled"></span> not reading <span class="key ended"></span> ended by the hub</p>
${renderAnatomy(result)}
<p>${renderCount(result.publishedEvents)} events, ${renderBytes(result.publishedBytes)}, to ${result.sessions.length} connections in ${renderDurationMillis(result.durationMs)}; slowest accepted after ${renderDurationMillis(result.slowestAcceptMillis)}; ${escapeXml(target.url)}</p>
${renderLog(result)}
</section>`;
}

function renderAnatomy(result: ReplayResult): string {
  const clients = evictedClients(result);
  if (clients.length === 0) return '';
  const { title, head, rows } = anatomyTable(clients);
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join('')}</tr>`;
  return `<h3>Anatomy of the eviction</h3>
${typicalEvictions(result).map(renderStory).join('\n')}
<details><summary>${title} (all are in replay.json)</summary><div class="wide rows"><table><thead>${cells('th', head)}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table></div></details>`;
}

/** The story in words, and a bar of where its messages were. */
function renderStory(told: ToldEviction): string {
  const [story] = describeAnatomy(told);
  const { kernelMessages, queuedMessages } = told.anatomy;
  const parts = [
    ['reading', 'read', told.readMessages],
    ['kernels', 'in the kernels', kernelMessages],
    ['queued', 'queued in the hub', queuedMessages],
  ] as const;
  const spans = parts
    .filter(([, , messages]) => messages > 0)
    .map(([kind, , messages]) => `<span class="${kind}" style="flex:${messages}"></span>`);
  const keys = parts.map(
    ([kind, words, messages]) => `<span class="key ${kind}"></span> ${renderCount(messages)} ${words}`,
  );
  return `<p>${escapeXml(story)}</p><div class="bar" aria-hidden="true">${spans.join('')}</div><p class="legend">Its messages: ${keys.join(' ')}</p>`;
}

function renderPicture({ fixture, sessions, durationMs: durationMillis }: ReplayResult): string {
  const drawn = sessions.slice(0, DRAWN_SESSIONS);
  const height = drawn.length * PICTURE.row + PICTURE.foot;
  const scale = (millis: number) =>
    PICTURE.left + (millis / Math.max(1, durationMillis)) * (PICTURE.width - PICTURE.left - PICTURE.right);
  const rows = drawn.map((session, index) => renderSession(session, index, durationMillis, scale));
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const x = scale(share * durationMillis).toFixed(1);
    return `<line class="tick" x1="${x}" x2="${x}" y1="0" y2="${height - PICTURE.foot}"/><text class="time" x="${x}" y="${height - 6}">${share === 0 ? '0' : renderDurationMillis(Math.round(share * durationMillis))}</text>`;
  });
  const more =
    sessions.length > drawn.length
      ? `<p>and ${renderCount(sessions.length - drawn.length)} connections more in replay.json</p>`
      : '';
  const words = sessions.length === 1 ? 'one connection' : `${sessions.length} connections`;
  return `<svg role="img" aria-label="${escapeXml(`${fixture}: when each of ${words} read, stalled and ended`)}" viewBox="0 0 ${PICTURE.width} ${height}">${ticks.join('')}${rows.join('')}</svg>${more}`;
}

function renderSession(
  session: SessionSummary,
  index: number,
  durationMillis: number,
  scale: (millis: number) => number,
): string {
  const y = index * PICTURE.row + (PICTURE.row - PICTURE.bar) / 2;
  const name = `<text class="name" x="${PICTURE.left - 8}" y="${y + PICTURE.bar - 1}">${escapeXml(session.client)}</text>`;
  if (session.connectedAtMillis === null) return name;
  const endMillis = session.endedAtMillis ?? durationMillis;
  const bar = (from: number, to: number, kind: string, title: string) =>
    `<rect class="${kind}" x="${scale(from).toFixed(1)}" y="${y}" width="${Math.max(1, scale(to) - scale(from)).toFixed(1)}" height="${PICTURE.bar}"><title>${escapeXml(title)}</title></rect>`;
  const what = `${session.client}: ${session.events} events, ${renderBytes(session.bytes)}`;
  const stalls = session.stalls.map(({ fromMillis, toMillis }) =>
    bar(fromMillis, Math.min(toMillis ?? endMillis, endMillis), 'stalled', `${what}; not reading`),
  );
  const isEnded = session.end !== null && session.end !== 'local';
  const how = describeEnd(session);
  const x = scale(endMillis);
  const mark = isEnded
    ? `<path class="ended" d="M${x - 4} ${y}l8 ${PICTURE.bar}m0 -${PICTURE.bar}l-8 ${PICTURE.bar}"><title>${escapeXml(`${what}; ended by the hub: ${how}`)}</title></path>`
    : '';
  return `${name}${bar(session.connectedAtMillis, endMillis, 'reading', what)}${stalls.join('')}${mark}`;
}

function renderLog({ log }: ReplayResult): string {
  const rows = log
    .slice(0, LOGGED_LINES)
    .map(
      ({ atMillis, who, what }) =>
        `<tr><td>${renderDurationMillis(atMillis)}</td><td>${escapeXml(who)}</td><td>${escapeXml(what)}</td></tr>`,
    );
  const more =
    log.length > LOGGED_LINES ? `<p>and ${log.length - LOGGED_LINES} lines more in replay.json</p>` : '';
  return `<details><summary>Log, ${log.length} lines</summary><div class="wide" tabindex="0" role="region" aria-label="Log"><table><thead><tr><th>time</th><th>who</th><th>what</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>${more}</details>`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --line: #d5dae1; --soft: #f4f6f9; --good: #1a7f4b; --bad: #b3261e; --open: #8a6100; --read: #3f8f6b; --stall: #e0922f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --paper: #14181f; --line: #363e4a; --soft: #1c222b; --good: #58c48d; --bad: #ff8a80; --open: #e3b341; --read: #3f9f75; --stall: #d98a2b; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .3rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
.wide { overflow-x: auto; } .wide svg { min-width: 32rem; width: 100%; height: auto; background: var(--soft); margin-top: 1rem; }
.tag { font-size: .8rem; padding: .1rem .5rem; border: 1px solid currentColor; border-radius: 1rem; white-space: nowrap; }
.not-reproduced, .passed td:first-child { color: var(--good); } .reproduced, .failed td:first-child { color: var(--bad); } .inconclusive, .inconclusive td:first-child { color: var(--open); }
.contents { columns: 18rem; padding-left: 1.2rem; }
.reading { fill: var(--read); background: var(--read); } .stalled { fill: var(--stall); background: var(--stall); }
path.ended { stroke: var(--bad); stroke-width: 2; fill: none; } .tick { stroke: var(--line); } text { fill: var(--ink); font-size: 11px; } .name { text-anchor: end; } .time { text-anchor: middle; }
.key { display: inline-block; width: .9rem; height: .7rem; margin-left: .8rem; } .key.ended { background: linear-gradient(45deg, transparent 42%, var(--bad) 42% 58%, transparent 58%); }
.bar { display: flex; height: .9rem; gap: 1px; } .kernels { background: var(--stall); } .queued { background: var(--bad); }
.rows { font-size: .85rem; } .rows th, .rows td { white-space: nowrap; }
details { margin: .5rem 0; } summary { cursor: pointer; } em { opacity: .85; }
@media print { details { display: none; } section { break-inside: avoid; } }
`;
