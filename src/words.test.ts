// Words that must not come back in what people read: documentation, `--help`, messages, check titles, comments.
// Each banned word comes with the word to use instead.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const READ_BY_PEOPLE = ['.md', '.ts', '.js', '.mjs', '.yaml', '.yml', '.go', '.py'];
const PLACES = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'action.yml',
  '.github',
  'docs',
  'examples',
  'fixtures',
  'reports',
  'scenarios',
  'src',
];
const GENERATED = ['reports/samples', 'docs/kill-matrix'];
const SELF = 'src/words.test.ts';

const BANNED: readonly (readonly [word: RegExp, instead: string])[] = [
  [/\btold\b/i, 'report, print, receive: "typos are reported", "the client receives"'],
  [/\banew\b/i, 'again, regenerate, new'],
  [/\bfor ever\b/i, 'forever, without end, never'],
  [/\bwhat is no\b/i, 'name the thing: "invalid JSON"'],
  [/\blet go of\b|\blets go of\b|\bletting go of\b/i, 'close, release'],
  [/\b(?:is|are|was|were|be) asked\b(?! for)/i, 'active voice: "the runner runs", "the client requests"'],
  [/\bone too many\b/i, 'overflowed the queue'],
  [/\bforeign (?:hubs?|targets?)\b/i, 'external target'],
  [/\bcrowds?\b/i, 'backlogged clients, clients'],
  [/\broll calls?\b/i, 'cohort progress'],
  [/\btapes?\b/i, 'recorder, recording'],
  [/\bdeeds?\b/i, 'action'],
  [/\bpatience\b/i, 'deadline, waitUntil'],
  [/\bknees?\b/i, 'capacity'],
  [/\bHELD\b/, 'PASSED'],
  [/\bundecided\b/i, 'inconclusive'],
  [/\b(?:says?|said) so\b/i, 'reports it, logs it'],
  [/\bhold(?:s|ing)? \S+ to (?:its |their )?word\b/i, 'test, check'],
  [/\bmisspel[tl]\w*/i, 'typo, unknown'],
  [/\bslow lane\b/i, 'deferred writes'],
];

/** Uses that stay, each with its reason. */
const STAYS: readonly (readonly [file: string, use: string, reason: string])[] = [
  ['src/testing/defects/slow-client/queue-limits.ts', 'patience', 'the id of a defect, which never changes'],
  ['src/testing/symptoms/catalogues/slow-client.ts', 'patience', 'the id of a defect, which never changes'],
  ['src/load/result/version-1/', 'undecided', 'a verdict of result files of version 1'],
];

interface Use {
  readonly file: string;
  readonly word: string;
  readonly line: string;
}

function filesBelow(path: string): string[] {
  const whole = join(ROOT, path);
  if (!statSync(whole).isDirectory()) return [path];
  return readdirSync(whole, { recursive: true, encoding: 'utf8' })
    .map((name) => relative(ROOT, join(whole, name)))
    .filter((file) => READ_BY_PEOPLE.some((ending) => file.endsWith(ending)));
}

function usesIn(file: string): Use[] {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  return lines.flatMap((text, index) =>
    BANNED.flatMap(([banned, instead]) => {
      const word = banned.exec(text)?.[0];
      return word === undefined
        ? []
        : [{ file, word, line: `${file}:${index + 1}: "${word}": write ${instead}` }];
    }),
  );
}

function isAllowed({ file, word }: Use): boolean {
  return STAYS.some(([start, use]) => file.startsWith(start) && word === use);
}

describe('words', () => {
  const uses = PLACES.flatMap(filesBelow)
    .filter((file) => file !== SELF && !GENERATED.some((start) => file.startsWith(start)))
    .flatMap(usesIn);

  it('uses the terms of the glossary, not the banned words', () => {
    const wrong = uses.filter((use) => !isAllowed(use)).map(({ line }) => line);
    expect(wrong).toEqual([]);
  });
});
