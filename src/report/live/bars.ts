// Bars and sparklines out of block characters.

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** `share` of 0 to 1 as a bar of whole and eighth blocks, `columns` wide with what is empty as light shade. */
export function renderBar(share: number, columns: number): { readonly full: string; readonly empty: string } {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * columns * 8);
  const full = '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
  return { full, empty: '░'.repeat(columns - full.length) };
}

/**
 * The last `columns` values, one character each, from 0 to the highest of them; a gap for null. Fewer values fill from
 * the left.
 */
export function renderSparkline(values: readonly (number | null)[], columns: number): string {
  const shown = values.slice(-columns);
  const highest = shown.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  return shown
    .map((value) => {
      if (value === null) return ' ';
      const level = highest === 0 ? 0 : Math.round((value / highest) * (LEVELS.length - 1));
      return LEVELS[level] ?? ' ';
    })
    .join('');
}
