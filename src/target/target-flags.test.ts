// What a user may ask for, and what is told when the flags contradict each other.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseTargetFlags, type TargetFlags } from './target-flags.ts';

const folder = mkdtempSync(join(tmpdir(), 'target-flags-'));
afterAll(() => rmSync(folder, { recursive: true }));

const URL_GIVEN = { url: 'ws://127.0.0.1:8800/ws' };
const kindOf = (flags: TargetFlags) => {
  const choice = parseTargetFlags(flags);
  return choice.ok ? choice.value.kind : choice.problem;
};

describe('parseTargetFlags', () => {
  it.each<[TargetFlags, string]>([
    [{}, 'reference'],
    [URL_GIVEN, 'running'],
    [{ ...URL_GIVEN, broadcastUrl: 'http://127.0.0.1:1/b', broadcastHeader: ['A: b'], pid: 1 }, 'running'],
    [{ ...URL_GIVEN, observe: true, pid: 1 }, 'observe'],
    [{ spawn: './hub' }, 'spawn'],
    [{ ...URL_GIVEN, spawn: './hub', broadcastUrl: 'http://127.0.0.1:1/b' }, 'spawn'],
    [{ ...URL_GIVEN, adapter: 'a.mjs' }, 'module'],
    [{ adapter: 'a.mjs', observe: false, broadcastHeader: [] }, 'module'],
  ])('understands %j', (flags, kind) => {
    expect(kindOf(flags)).toBe(kind);
  });

  it.each<[TargetFlags, string]>([
    [
      { url: 'http://127.0.0.1/ws' },
      `the URL 'http://127.0.0.1/ws' is not a ws:// URL (TLS is not spoken: put a local ws:// proxy before a wss:// hub)`,
    ],
    [
      { ...URL_GIVEN, broadcastUrl: 'nowhere' },
      `--broadcast-url 'nowhere' is not an http:// or https:// URL`,
    ],
    [{ broadcastUrl: 'http://127.0.0.1:1/b' }, '--broadcast-url needs the URL that clients connect to'],
    [{ observe: true }, '--observe needs the URL'],
    [{ ...URL_GIVEN, spawn: 'a', adapter: 'b' }, '--adapter and --spawn exclude each other'],
    [{ ...URL_GIVEN, observe: true, broadcastUrl: 'http://h/' }, '--observe and --broadcast-url exclude'],
    [{ spawn: 'a', pid: 3 }, '--spawn and --pid exclude each other'],
    [{ ...URL_GIVEN, pid: -3 }, '--pid -3 is not a whole number above 0'],
    [{ spawn: '"' }, '--spawn: the command'],
    [{ ...URL_GIVEN, broadcastHeader: ['oops'] }, `--broadcast-header: 'oops' is not of the form`],
    [{ ...URL_GIVEN, broadcastTemplate: '/no/such/file' }, 'the file cannot be read (ENOENT)'],
  ])('refuses %j', (flags, problem) => {
    expect(kindOf(flags)).toContain(problem);
  });

  it('reads the template file', () => {
    const file = join(folder, 'body.json');
    writeFileSync(file, '{"data":{{envelope}}}');
    const choice = parseTargetFlags({ ...URL_GIVEN, broadcastTemplate: file });
    expect(choice.ok && choice.value.kind === 'running' && choice.value.template?.('{}')).toBe('{"data":{}}');
    writeFileSync(file, '{}');
    expect(kindOf({ ...URL_GIVEN, broadcastTemplate: file })).toContain(
      'the template must hold {{envelope}}',
    );
  });
});
