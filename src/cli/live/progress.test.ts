// Live numbers on an emulated terminal: redrawn in place at most ten times a second, gone at the end; lines elsewhere.
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildLiveView, SHOWN_PLAN } from '../../testing/builders/live-view-builder.ts';
import { createTerminalEmulator } from '../../testing/simulated/terminal-emulator.ts';
import { areColoursWanted, chooseProgressMode, createProgress, type ProgressMode } from './progress.ts';

const SIZE = { columns: 80, rows: 24 };

function open(mode: ProgressMode, hasColours = false) {
  const terminal = createTerminalEmulator(SIZE.columns);
  const writes: string[] = [];
  let resume = () => {};
  const progress = createProgress(
    mode,
    {
      write(text) {
        writes.push(text);
        terminal.write(text);
      },
      columns: () => SIZE.columns,
      rows: () => SIZE.rows,
      onResume: (listener) => {
        resume = listener;
      },
    },
    hasColours,
  );
  terminal.write('$ norn-loadtest\n');
  progress.begin(SHOWN_PLAN);
  const showUntil = (fromMillis: number, untilMillis: number) => {
    for (let at = fromMillis; at <= untilMillis; at += 50) progress.show(buildLiveView(at));
  };
  return { progress, terminal, writes, showUntil, resume: () => resume() };
}

describe('live numbers on a terminal', () => {
  it('are redrawn in place, no more than 10 times a second', () => {
    const { terminal, writes, showUntil } = open('redrawn');
    showUntil(0, 20_000);
    expect(writes.length).toBeLessThanOrEqual(201);
    expect(writes.length).toBeGreaterThan(100);
    expect(terminal.lines().filter((line) => line.startsWith('connect '))).toHaveLength(1);
    expect(terminal.lines()[1]).toMatch(/^0:20 {2}/);
    expect(terminal.lines().length).toBeLessThanOrEqual(SIZE.rows + 1);
  });

  it('leave the terminal as it was, with the cursor where the next line belongs', () => {
    const { progress, terminal, showUntil } = open('redrawn', true);
    showUntil(0, 20_000);
    progress.end();
    expect(terminal.lines()).toEqual(['$ norn-loadtest', '']);
    expect(terminal.cursor()).toEqual({ row: 1, column: 0 });
  });

  it('always have the cursor at the start of the line below: whatever ends the program leaves no half line', () => {
    const { terminal, showUntil, writes } = open('redrawn', true);
    for (const at of [0, 9_000, 30_000]) {
      showUntil(at, at + 500);
      expect(terminal.cursor()).toEqual({ row: terminal.lines().length - 1, column: 0 });
      expect(terminal.lines().at(-1)).toBe('');
    }
    expect(writes.join('')).not.toContain('\u001b[?25l');
  });

  it('go below what is said meanwhile', () => {
    const { progress, terminal, showUntil } = open('redrawn');
    showUntil(0, 3_000);
    progress.say('stopping');
    showUntil(3_050, 4_000);
    expect(terminal.lines().slice(0, 2)).toEqual(['$ norn-loadtest', 'stopping']);
    expect(terminal.lines()[2]).toMatch(/^0:0[34] {2}/);
    progress.end();
    expect(terminal.lines()).toEqual(['$ norn-loadtest', 'stopping', '']);
  });

  it('start again below after the program was stopped and resumed', () => {
    const { terminal, showUntil, resume } = open('redrawn');
    showUntil(0, 3_000);
    terminal.write('[1]+ Stopped\n$ fg\n');
    resume();
    showUntil(3_050, 4_000);
    expect(terminal.lines()).toContain('[1]+ Stopped');
    expect(terminal.lines().filter((line) => /^0:0\d {2}/.test(line))).toHaveLength(2);
  });

  it('have colors unless NO_COLOR says otherwise', () => {
    const [plain, coloured] = [open('redrawn'), open('redrawn', true)];
    plain.showUntil(0, 20_000);
    coloured.showUntil(0, 20_000);
    const reset = '\u001b[0m';
    expect(plain.writes.join('')).not.toContain(reset);
    expect(coloured.writes.join('')).toContain(reset);
    expect(coloured.terminal.lines()).toEqual(plain.terminal.lines());
    expect([{}, { NO_COLOR: '' }, { NO_COLOR: '1' }].map(areColoursWanted)).toEqual([true, true, false]);
  });
});

describe('live numbers elsewhere', () => {
  it('are a plain line every 3 seconds and at each new phase', () => {
    const { progress, writes, showUntil } = open('lines');
    showUntil(0, 20_000);
    progress.end();
    const text = writes.join('');
    expect(text).toBe(stripVTControlCharacters(text));
    expect(writes.every((line) => /^[^\n]+\n$/.test(line))).toBe(true);
    expect(writes.map((line) => line.slice(0, 21).trim())).toEqual([
      '0:00  connect',
      '0:02  warm-up',
      '0:05  baseline',
      '0:08  baseline',
      '0:11  baseline',
      '0:14  baseline',
      '0:15  slow clients',
      '0:18  slow clients',
    ]);
  });

  it('are nothing where nothing is wanted', () => {
    const { progress, writes, showUntil } = open('none');
    showUntil(0, 20_000);
    progress.end();
    expect(writes).toEqual([]);
  });

  it('are redrawn only on a terminal that a person sees', () => {
    const wishes = { isTerminal: true, isRedrawWanted: true, otherwise: 'lines' } as const;
    expect(chooseProgressMode(wishes, {})).toBe('redrawn');
    expect(chooseProgressMode(wishes, { CI: 'false' })).toBe('redrawn');
    expect(chooseProgressMode(wishes, { CI: 'true' })).toBe('lines');
    expect(chooseProgressMode(wishes, { TERM: 'dumb' })).toBe('lines');
    expect(chooseProgressMode({ ...wishes, isTerminal: false }, {})).toBe('lines');
    expect(chooseProgressMode({ ...wishes, isRedrawWanted: false }, {})).toBe('lines');
    expect(chooseProgressMode({ ...wishes, isTerminal: false, otherwise: 'none' }, {})).toBe('none');
  });
});
