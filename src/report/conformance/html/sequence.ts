// What went over the wire of a check as a picture: a lane for the hub and one for each client (witness, slow client),
// an arrow from the hub's lane or to it for each message; events that only follow one another are one arrow for each
// client. SVG without script; the words stand in the wire log below it.
import type { WireEntry } from '../../../session/wire-log.ts';
import { groupBy } from '../../format/group-by.ts';
import { type Html, html, NOTHING } from '../../format/html.ts';
import { renderScroll } from '../../page/sections.ts';
import { isFault } from './wire.ts';

/** The last of a long log: where it went wrong. */
const MAX_ARROWS = 40;
const HUB_PIXELS = 100;
const LANE_PIXELS = 190;
const ROW_PIXELS = 22;
const TOP_PIXELS = 34;
const MAX_LABEL = 26;

export function renderSequence(wire: readonly WireEntry[]): Html {
  const shown = foldEvents(wire).slice(-MAX_ARROWS);
  const clients = [...new Set(shown.map(({ client }) => client))];
  if (clients.length === 0) return NOTHING;
  const laneAt = (client: string) => HUB_PIXELS + LANE_PIXELS * (clients.indexOf(client) + 1);
  const width = HUB_PIXELS + LANE_PIXELS * (clients.length + 1);
  const height = TOP_PIXELS + ROW_PIXELS * (shown.length + 1);
  const slow = findSlow(wire);
  const names = ['hub', ...clients.map((client) => laneName(client, slow))];
  const lanes = names.map((name, at) => {
    const x = HUB_PIXELS + LANE_PIXELS * at;
    return html`<text x="${x}" y="16" text-anchor="middle" class="lane">${cut(name)}</text><line x1="${x}" x2="${x}" y1="24" y2="${height}"/>`;
  });
  const rows = shown.map((entry, at) =>
    renderRow(entry, laneAt(entry.client), TOP_PIXELS + ROW_PIXELS * (at + 1)),
  );
  const label = `Sequence of the hub and ${clients.map((client) => laneName(client, slow)).join(', ')}: the ${wire.length} entries of the wire log`;
  const picture = html`<svg class="sequence" role="img" aria-label="${label}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${lanes}${rows}</svg>`;
  return html`<h3>Sequence</h3>${renderScroll('Sequence picture', picture)}`;
}

/** Between two things of another kind, the events that a client got are one entry. */
function foldEvents(wire: readonly WireEntry[]): WireEntry[] {
  const folded: WireEntry[] = [];
  let stretch: WireEntry[] = [];
  const endStretch = () => {
    for (const group of groupBy(stretch, ({ client }) => client).values()) folded.push(asOne(group));
    stretch = [];
  };
  for (const entry of wire) {
    if (entry.fact?.kind === 'event') stretch.push(entry);
    else {
      endStretch();
      folded.push(entry);
    }
  }
  endStretch();
  return folded;
}

/** At the time of the last, as that is when the client had them all. */
function asOne(events: readonly WireEntry[]): WireEntry {
  const [first, last] = [events[0], events.at(-1)] as [WireEntry, WireEntry];
  if (events.length === 1) return first;
  const numbers = events.map(({ fact }) => (fact?.kind === 'event' ? fact.sequence : 0));
  const isWhole = numbers.every((number, at) => at === 0 || number === (numbers[at - 1] ?? 0) + 1);
  const which = isWhole ? `#${numbers[0]} to #${numbers.at(-1)}` : `#${numbers[0]} … #${numbers.at(-1)}`;
  return { ...last, what: `${events.length} events, ${which}` };
}

/** Clients that stopped reading while the log was kept. */
function findSlow(wire: readonly WireEntry[]): ReadonlySet<string> {
  return new Set(wire.filter(({ fact }) => fact?.kind === 'stall').map(({ client }) => client));
}

/** A client that reads beside a slow one is there to witness. */
function laneName(client: string, slow: ReadonlySet<string>): string {
  if (client === 'raw') return 'raw bytes';
  if (slow.has(client)) return `${client}, slow client`;
  return slow.size > 0 ? `${client}, witness` : client;
}

function renderRow(entry: WireEntry, x: number, y: number): Html {
  const { direction, what, atMillis } = entry;
  const words = html`<title>${atMillis} ms: ${what}</title>`;
  const time = html`<text x="4" y="${y + 4}" class="time">${atMillis.toFixed(0)} ms</text>`;
  const label = cut(what);
  if (direction === 'kit')
    return html`<g class="kit-entry">${words}${time}<circle cx="${x}" cy="${y}" r="3"/><text x="${x + 8}" y="${y + 4}" class="kit">${label}</text></g>`;
  const from = HUB_PIXELS + 4;
  const [tip, back] = direction === 'in' ? [x - 4, -6] : [from, 6];
  return html`<g class="${direction}${isFault(entry) && ' fault'}">${words}${time}<path d="M${from} ${y}H${x - 4}M${tip} ${y}l${back} -4M${tip} ${y}l${back} 4"/><text x="${x - LANE_PIXELS / 2}" y="${y - 3}" text-anchor="middle">${label}</text></g>`;
}

function cut(words: string): string {
  return words.length > MAX_LABEL ? `${words.slice(0, MAX_LABEL - 1)}…` : words;
}
