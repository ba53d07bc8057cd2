// What the documentation names exists: links, paths, functions, and the import directions of the diagram in ARCHITECTURE.md.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXIT_CODE } from './cli/exit-code.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SRC = join(ROOT, 'src');
const PAGES = [
  ...['README.md', 'CHANGELOG.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'reports/README.md'],
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
].filter((file) => file.endsWith('.md'));
const NAMED_PATH = /`((?:src|docs|examples|fixtures|scenarios|reports)\/[\w.\-/]+)`/g;
const NAMED_FUNCTION = /`(src\/[\w.\-/]+\.ts)`\s+\(((?:`\w+`(?:,\s+)?)+)\)/g;
/** Written by a run or a build. */
const NOT_IN_REPOSITORY = /^(reports\/(?!samples|README)|examples\/.*\/bin\/)/;
const NOT_IN_DIAGRAM = ['testing', 'bench'];

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const exists = (path: string): boolean => existsSync(join(ROOT, path));
const withoutCode = (text: string): string => text.replaceAll(/```[\s\S]*?```/g, '');

/** The anchor that GitHub and package registries give a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function anchorsOf(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

function brokenLinksOf(file: string): string[] {
  return [...withoutCode(read(file)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : normalize(join(dirname(file), path));
      if (target.startsWith('..') || !exists(target)) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    })
    .map((link) => `${file}: ${link}`);
}

/** Pairs of folders, importer first. */
function importedFolders(): ReadonlySet<string> {
  const pairs = new Set<string>();
  for (const name of readdirSync(SRC, { recursive: true, encoding: 'utf8' })) {
    const [folder = ''] = name.split('/');
    if (!/^[^.]+\.ts$/.test(name) || !name.includes('/') || NOT_IN_DIAGRAM.includes(folder)) continue;
    for (const [, path = ''] of readFileSync(join(SRC, name), 'utf8').matchAll(/from '(\.[^']+)'/g)) {
      const [to = ''] = normalize(join(dirname(name), path)).split('/');
      if (to !== folder) pairs.add(`${folder} ${to}`);
    }
  }
  return pairs;
}

function arrowsOfDiagram(): ReadonlyMap<string, readonly string[]> {
  const arrows = new Map<string, string[]>();
  for (const [, from = '', to = ''] of read('ARCHITECTURE.md').matchAll(/^ {2}(\w+) -\.?->? (\w+)$/gm))
    arrows.set(from, [...(arrows.get(from) ?? []), to]);
  return arrows;
}

function reachableFrom(start: string, arrows: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [start];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const to of arrows.get(next) ?? []) {
      if (!reached.has(to)) waiting.push(to);
      reached.add(to);
    }
  }
  return reached;
}

describe('the documentation', () => {
  it('has no broken link, inside the repository', () => {
    expect(PAGES.flatMap(brokenLinksOf)).toEqual([]);
  });

  it('names paths that exist', () => {
    const wrong = PAGES.flatMap((file) =>
      [...read(file).matchAll(NAMED_PATH)]
        .map(([, path = '']) => path)
        .filter((path) => !NOT_IN_REPOSITORY.test(path) && !exists(path))
        .map((path) => `${file}: ${path}`),
    );
    expect(wrong).toEqual([]);
  });

  it('names functions that are in the file it gives', () => {
    const named = PAGES.flatMap((file) =>
      [...read(file).matchAll(NAMED_FUNCTION)].flatMap(([, path = '', names = '']) =>
        [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => ({ file, path, name })),
      ),
    );
    const wrong = named
      .filter(({ path, name }) => !exists(path) || !new RegExp(`\\b${name}\\b`).test(read(path)))
      .map(({ file, path, name }) => `${file}: ${path} has no ${name}`);
    expect(named.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });

  it.each(['README.md', 'docs/ci.md'])('lists every exit code in %s', (file) => {
    const listed = [...read(file).matchAll(/^\| (\d+) \| /gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(EXIT_CODE));
  });

  it('draws every import between folders in the diagram of ARCHITECTURE.md', () => {
    const arrows = arrowsOfDiagram();
    const wrong = [...importedFolders()].filter((pair) => {
      const [from = '', to = ''] = pair.split(' ');
      return !reachableFrom(from, arrows).has(to);
    });
    expect(wrong).toEqual([]);
  });

  it('draws no circle of imports', () => {
    const arrows = arrowsOfDiagram();
    expect([...arrows.keys()].filter((folder) => reachableFrom(folder, arrows).has(folder))).toEqual([]);
  });
});
