// Redrawing in place on a terminal that is resized meanwhile.
import { describe, expect, it } from 'vitest';
import { createScreen } from './screen.ts';

describe('a screen', () => {
  it('goes up as many lines as a narrower terminal has made of what was drawn', () => {
    let columns = 80;
    const writes: string[] = [];
    const screen = createScreen({ write: (text) => void writes.push(text), columns: () => columns });
    screen.draw(['x'.repeat(60), '', '\u001b[1mshort\u001b[0m']);
    columns = 40;
    screen.draw(['x'.repeat(40)]);
    screen.clear();
    expect(writes[1]).toContain('\u001b[4A');
    expect(writes[2]).toContain('\u001b[1A');
  });

  it('writes nothing to clear where nothing was drawn', () => {
    const writes: string[] = [];
    const screen = createScreen({ write: (text) => void writes.push(text), columns: () => 80 });
    screen.clear();
    screen.draw(['one']);
    screen.clear();
    screen.clear();
    expect(writes).toHaveLength(2);
  });
});
