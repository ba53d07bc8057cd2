// The wire log of a check as a table: time, client and direction, the decoded frame, and what it was; a payload is
// shortened, and seen whole (as far as it was kept) when it is opened.
import type { WireFrame } from '../../../session/wire-frame.ts';
import type { WireEntry } from '../../../session/wire-log.ts';
import { type Html, html, NOTHING } from '../../format/html.ts';

const OPCODE_NAMES: Readonly<Record<number, string>> = {
  0: 'continuation',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
};
const SHORT_PAYLOAD = 60;

export function renderWire(wire: readonly WireEntry[]): Html {
  if (wire.length === 0) return NOTHING;
  return html`<details class="wire"><summary>On the wire: ${wire.length} ${wire.length === 1 ? 'entry' : 'entries'}</summary>
<table><thead><tr><th scope="col" class="at">time</th><th scope="col">who</th><th scope="col">frame</th><th scope="col">what</th></tr></thead><tbody>
${wire.map(renderEntry)}</tbody></table></details>`;
}

/** The lines of a frame's header in words: `FIN text 312 B`, `FIN close 1008 10 B masked`. */
export function frameWords(frame: WireFrame): string {
  const { opcode, isFinal, isMasked, reservedBits, payloadBytes, frames, close } = frame;
  return [
    isFinal ? 'FIN' : 'no FIN',
    ...(reservedBits === undefined ? [] : [`RSV ${reservedBits.toString(2).padStart(3, '0')}`]),
    OPCODE_NAMES[opcode] ?? `opcode ${opcode}`,
    ...(close === undefined ? [] : [String(close.code)]),
    payloadBytes === null ? 'more than 2^53 B' : `${payloadBytes.toLocaleString('en-US')} B`,
    ...(isMasked ? ['masked'] : []),
    ...(frames === undefined ? [] : [`in ${frames} frames`]),
  ].join(' ');
}

export function isFault({ fact }: WireEntry): boolean {
  return fact?.kind === 'fault';
}

function renderEntry(entry: WireEntry): Html {
  const { atMillis, client, direction, what, frame } = entry;
  const arrow = { in: 'from hub', out: 'to hub', kit: 'kit' }[direction];
  return html`<tr${isFault(entry) && html` class="fault"`}><td class="at">${atMillis.toFixed(1)} ms</td><td class="who">${client} ${arrow}</td><td class="bits">${frame && frameWords(frame)}</td><td class="words">${what}${frame && renderPayload(frame)}</td></tr>
`;
}

function renderPayload({ text, close, payloadBytes }: WireFrame): Html {
  if (close !== undefined)
    return close.reason === '' ? NOTHING : html`<div class="mono">${close.reason}</div>`;
  if (text === undefined) return NOTHING;
  const keptBytes = Buffer.byteLength(text);
  const rest = (payloadBytes ?? 0) - keptBytes;
  if (text.length <= SHORT_PAYLOAD && rest <= 0) return html`<div class="mono">${text}</div>`;
  const more =
    rest > 0 &&
    `\n[the first ${keptBytes.toLocaleString('en-US')} B; ${rest.toLocaleString('en-US')} B were not kept]`;
  return html`<details><summary class="mono">${beginningOf(text)}…</summary><pre>${text}${more}</pre></details>`;
}

/** Of whole characters. */
function beginningOf(text: string): string {
  return [...text.slice(0, 2 * SHORT_PAYLOAD)].slice(0, SHORT_PAYLOAD).join('');
}
