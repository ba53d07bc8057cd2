// Scripts and styles as text for a page that loads nothing: a module and all that it imports become one script.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Named imports from files beside it: all that scripts of pages may use. */
const IMPORT = /^import\s+(?:\{[^}]*\}\s+from\s+)?'(\.[^']+)';?\n/gm;
const EXPORT = /^export (?=(?:async )?(?:function|const|let|class)\b)/gm;
const MODULE_WORD = /^(?:import|export)\b.*/m;

/** `entry` comes last, each module once. All share one scope, so that names differ between them (a test holds it). */
export function inlineModules(entry: URL): string {
  const parts = new Map<string, string>();
  const add = (url: URL): void => {
    if (parts.has(url.href)) return;
    parts.set(url.href, ''); // its place is taken, so that a circle of imports ends
    const text = readFileSync(url, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/gm, '');
    for (const [, specifier = ''] of text.matchAll(IMPORT)) add(new URL(specifier, url));
    const inlined = text.replace(IMPORT, '').replace(EXPORT, '');
    const rest = MODULE_WORD.exec(inlined);
    if (rest) throw new Error(`${url.pathname}: cannot be inlined: ${rest[0]}`);
    parts.delete(url.href);
    parts.set(url.href, inlined.trim());
  };
  add(entry);
  return [...parts.values()].join('\n');
}

export function readPackageFile(specifier: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(specifier), 'utf8');
}
