// What a source file loads before its first line runs, read from its text: for tests of how fast a program starts.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('..', import.meta.url));

/** `import()` and types load nothing. */
export function staticImportsOf(text: string): string[] {
  const statements = text.matchAll(/^(?:import|export)\s+(?!type\s)(?:[^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm);
  return [...statements].map(([, specifier = '']) => specifier);
}

/** The file and everything that it imports statically: paths from src/, names of packages. */
export function loadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const specifier of staticImportsOf(readFileSync(resolve(SRC, file), 'utf8'))) {
    if (specifier.startsWith('.')) loadedBy(relative(SRC, resolve(SRC, dirname(file), specifier)), seen);
    else seen.add(specifier);
  }
  return seen;
}
