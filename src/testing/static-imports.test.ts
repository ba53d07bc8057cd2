// Which statements load another file, and which only name its types.
import { expect, it } from 'vitest';
import { staticImportsOf } from './static-imports.ts';

it('counts values that are imported, or exported from elsewhere, and no types', () => {
  const text = [
    "import './effect.ts';",
    "import ws from 'ws';",
    "import {\n  one,\n  type Two,\n} from './values.ts';",
    "import type { Three } from './types.ts';",
    "export type { Four } from './more-types.ts';",
    "export { five } from './exported.ts';",
    "export * from './all.ts';",
    "export const six = 'six';",
    "const seven = await import('./later.ts');",
  ].join('\n');
  expect(staticImportsOf(text)).toEqual(['./effect.ts', 'ws', './values.ts', './exported.ts', './all.ts']);
});
