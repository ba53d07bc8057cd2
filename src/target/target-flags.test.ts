// What the flags of a target mean, and the error when they contradict each other.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parseTargetFlags, type TargetFlags } from './target-flags.ts';

const folder = mkdtempSync(join(tmpdir(), 'target-flags-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Any file that is there. */
const ADAPTER = fileURLToPath(import.meta.url);
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
    [{ ...URL_GIVEN, adapter: ADAPTER }, 'module'],
    [{ adapter: ADAPTER, observe: false, broadcastHeader: [] }, 'module'],
  ])('understands %j', (flags, kind) => {
    expect(kindOf(flags)).toBe(kind);
  });

  it.each<[TargetFlags, string]>([
    [
      { url: 'http://127.0.0.1/ws' },
      `the URL 'http://127.0.0.1/ws' is not a ws:// or wss:// URL, such as ws://127.0.0.1:8800/ws`,
    ],
    [{ url: 'wss://127.0.0.1:99999/ws' }, 'its port 0 to 65535?'],
    [{ url: 'ws://127.0.0.1:99999/ws' }, "the URL 'ws://127.0.0.1:99999/ws' cannot be read"],
    [{ adapter: '/no/such/adapter.mjs' }, '--adapter: /no/such/adapter.mjs: no such file'],
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
    [{ ...URL_GIVEN, broadcastTemplate: '/no/such/file' }, '/no/such/file: no such file'],
  ])('refuses %j', (flags, problem) => {
    expect(kindOf(flags)).toContain(problem);
  });

  it('reads the template file', () => {
    const file = join(folder, 'body.json');
    writeFileSync(file, '{"data":{{envelope}}}');
    const choice = parseTargetFlags({ ...URL_GIVEN, broadcastTemplate: file });
    expect(choice.ok && choice.value.kind === 'running' && choice.value.template?.fill('{}')).toBe(
      '{"data":{}}',
    );
    writeFileSync(file, '{}');
    expect(kindOf({ ...URL_GIVEN, broadcastTemplate: file })).toContain(
      'the template must hold {{envelope}}',
    );
  });
});
