// The wire log of a check as a table.
import { describe, expect, it } from 'vitest';
import type { WireFrame } from '../../../session/wire-frame.ts';
import { frameWords, renderWire as renderWireHtml } from './wire.ts';

const renderWire = (...wire: Parameters<typeof renderWireHtml>) => renderWireHtml(...wire).toString();

const text: WireFrame = { opcode: 1, isFinal: true, isMasked: false, payloadBytes: 5, text: 'hello' };
const entry = (frame: WireFrame) => ({
  atMillis: 1.25,
  direction: 'in' as const,
  client: 'A',
  what: 'it',
  frame,
});

describe('the wire log', () => {
  it.each([
    [text, 'FIN text 5 B'],
    [{ ...text, isFinal: false, isMasked: true, payloadBytes: 70_000 }, 'no FIN text 70,000 B masked'],
    [{ ...text, frames: 3 }, 'FIN text 5 B in 3 frames'],
    [{ ...text, opcode: 11, reservedBits: 1 }, 'FIN RSV 001 opcode 11 5 B'],
    [{ ...text, opcode: 8, close: { code: 1008, reason: 'slow' } }, 'FIN close 1008 5 B'],
    [{ ...text, payloadBytes: null }, 'FIN text more than 2^53 B'],
  ])('says of a frame what its header says (%#)', (frame, words) => {
    expect(frameWords(frame)).toBe(words);
  });

  it('shows a short payload as it is, and a close with its reason', () => {
    expect(renderWire([entry(text)])).toContain('>hello<');
    const close = { ...text, opcode: 8, close: { code: 1008, reason: '<slow>' } };
    expect(renderWire([entry(close)])).toContain('&lt;slow&gt;');
  });

  it('shortens a long payload by whole characters and has it whole behind a click', () => {
    const long = '😀'.repeat(100);
    const html = renderWire([entry({ ...text, payloadBytes: 400, text: long })]);
    expect(html).toContain(`<summary class="mono">${'😀'.repeat(60)}…</summary>`);
    expect(html).toContain(`<pre>${long}</pre>`);
  });

  it('says how much of a payload was not kept', () => {
    const html = renderWire([entry({ ...text, payloadBytes: 262_144, text: 'x'.repeat(1_024) })]);
    expect(html).toContain('[the first 1,024 B; 261,120 B were not kept]');
  });

  it('is nothing without entries', () => {
    expect(renderWire([])).toBe('');
  });
});
