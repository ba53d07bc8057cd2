// Who read when in a replayed fixture: a bar for each connection, colored where it did not read, and a cross where the
// hub ended it.
import type { ReplayResult, SessionSummary } from '../../../fixture/judge/replay-result.ts';
import { renderDurationMillis } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import { renderBytes } from '../../../units/size.ts';
import { type Html, html } from '../../format/html.ts';
import { renderScroll } from '../../page/sections.ts';
import { describeEnd } from '../anatomy.ts';

/** Connections drawn; the rest is counted. */
const MAX_DRAWN = 40;
const WIDTH_PIXELS = 720;
const LEFT_PIXELS = 130;
const RIGHT_PIXELS = 40;
const ROW_PIXELS = 18;
const BAR_PIXELS = 10;
const FOOT_PIXELS = 22;

/** From milliseconds of the run to pixels. */
type Scale = (millis: number) => number;

export function renderPicture({ fixture, sessions, durationMs }: ReplayResult): Html {
  const drawn = sessions.slice(0, MAX_DRAWN);
  const height = drawn.length * ROW_PIXELS + FOOT_PIXELS;
  const scale: Scale = (millis) =>
    LEFT_PIXELS + (millis / Math.max(1, durationMs)) * (WIDTH_PIXELS - LEFT_PIXELS - RIGHT_PIXELS);
  const words = sessions.length === 1 ? 'one connection' : `${sessions.length} connections`;
  const svg = html`<svg class="readers" role="img" aria-label="${fixture}: when each of ${words} read, stalled and ended" viewBox="0 0 ${WIDTH_PIXELS} ${height}">${renderTicks(durationMs, height, scale)}${drawn.map((session, index) => renderSession(session, index, durationMs, scale))}</svg>`;
  const more =
    sessions.length > drawn.length &&
    html`<p>and ${renderCount(sessions.length - drawn.length)} more connections in replay.json</p>`;
  return html`${renderScroll('Picture', svg)}${more}
<ul class="key"><li><i class="reading"></i>reading</li><li><i class="stalled"></i>not reading</li><li><i class="ended"></i>ended by the hub</li></ul>`;
}

function renderTicks(durationMs: number, height: number, scale: Scale): Html[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const x = scale(share * durationMs).toFixed(1);
    const label = share === 0 ? '0' : renderDurationMillis(Math.round(share * durationMs));
    return html`<line class="tick" x1="${x}" x2="${x}" y1="0" y2="${height - FOOT_PIXELS}"/><text class="time" x="${x}" y="${height - 6}">${label}</text>`;
  });
}

function renderSession(session: SessionSummary, index: number, durationMs: number, scale: Scale): Html {
  const y = index * ROW_PIXELS + (ROW_PIXELS - BAR_PIXELS) / 2;
  const name = html`<text class="name" x="${LEFT_PIXELS - 8}" y="${y + BAR_PIXELS - 1}">${session.client}</text>`;
  if (session.connectedAtMillis === null) return name;
  const endMillis = session.endedAtMillis ?? durationMs;
  const bar = (from: number, to: number, kind: string, title: string) =>
    html`<rect class="${kind}" x="${scale(from).toFixed(1)}" y="${y}" width="${Math.max(1, scale(to) - scale(from)).toFixed(1)}" height="${BAR_PIXELS}"><title>${title}</title></rect>`;
  const what = `${session.client}: ${session.events} events, ${renderBytes(session.bytes)}`;
  const stalls = session.stalls.map(({ fromMillis, toMillis }) =>
    bar(fromMillis, Math.min(toMillis ?? endMillis, endMillis), 'stalled', `${what}; not reading`),
  );
  const isEnded = session.end !== null && session.end !== 'local';
  const cross =
    isEnded &&
    html`<path class="ended" d="M${scale(endMillis) - 4} ${y}l8 ${BAR_PIXELS}m0 -${BAR_PIXELS}l-8 ${BAR_PIXELS}"><title>${what}; ended by the hub: ${describeEnd(session)}</title></path>`;
  return html`${name}${bar(session.connectedAtMillis, endMillis, 'reading', what)}${stalls}${cross}`;
}
